package com.realtime.pipeline;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code --key value} pairs, taken out one by one; what is wrong or left over is a problem. */
final class Arguments {
    private final Map<String, String> values = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    Arguments(String[] args) {
        int next = 0;
        while (next < args.length) {
            String key = args[next++];
            if (!key.startsWith("--")) {
                problems.add("'" + key + "' stands where a --name should");
            } else if (next == args.length || args[next].startsWith("--")) {
                problems.add(key + " has no value");
            } else if (values.put(key.substring(2), args[next++]) != null) {
                problems.add(key + " is given twice");
            }
        }
    }

    String text(String key, String otherwise) {
        String value = values.remove(key);
        if (value == null) {
            return otherwise;
        }
        if (value.trim().isEmpty()) {
            problems.add("--" + key + " is empty");
        }
        return value;
    }

    double decimal(String key, double otherwise) {
        String value = values.remove(key);
        if (value == null) {
            return otherwise;
        }
        try {
            double number = Double.parseDouble(value);
            if (number > 0 && !Double.isInfinite(number)) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Told below, together with what is out of range.
        }
        problems.add("--" + key + " should be a number above 0, is '" + value + "'");
        return otherwise;
    }

    long integer(String key, long otherwise, long least, long most) {
        String value = values.remove(key);
        if (value == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Told below, together with what is out of range.
        }
        problems.add("--" + key + " should be a whole number from " + least + " to " + most + ", is '" + value + "'");
        return otherwise;
    }

    String uri(String key) {
        String value = values.remove(key);
        if (value == null) {
            return null;
        }
        try {
            if (URI.create(value).getScheme() != null) {
                return value;
            }
        } catch (IllegalArgumentException notAUri) {
            // Told below, together with what has no scheme.
        }
        problems.add("--" + key + " should be a URI with a scheme, such as s3://bucket/path, is '" + value + "'");
        return null;
    }

    void throwIfWrong() {
        for (String key : values.keySet()) {
            problems.add("--" + key + " is unknown");
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("bad arguments: " + String.join("; ", problems));
        }
    }
}
