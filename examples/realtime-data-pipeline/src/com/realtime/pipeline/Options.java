package com.realtime.pipeline;

/** The job's named arguments, checked together: the exception names every problem, not only the first. */
final class Options {
    private static final String DEFAULT_NAME = "realtime-data-pipeline";
    private static final long LONGEST_SLEEP_MS = 3_600_000;
    private static final int MOST_EXECUTES = 10;

    /** {@code mainExit} where main() is not to end the JVM. */
    static final int NO_EXIT = -1;

    final double rate;
    final int accounts;
    final long count;
    final String out;
    final String name;
    final long failAfter;
    final long mainSleepMs;
    final String mainThrows;
    final long mainThrowsUntilMs;
    final String mainThrowsUntilFile;
    final int mainExit;
    final int executes;

    private Options(Arguments given) {
        rate = given.decimal("rate", 100);
        accounts = (int) given.integer("accounts", 10, 1, Integer.MAX_VALUE);
        count = given.integer("count", Long.MAX_VALUE, 1, Long.MAX_VALUE);
        out = given.uri("out");
        name = given.text("name", DEFAULT_NAME);
        failAfter = given.integer("fail-after", 0, 1, Long.MAX_VALUE);
        mainSleepMs = given.integer("main-sleep-ms", 0, 0, LONGEST_SLEEP_MS);
        mainThrows = given.text("main-throws", null);
        mainThrowsUntilMs = given.integer("main-throws-until", Long.MAX_VALUE, 0, Long.MAX_VALUE);
        mainThrowsUntilFile = given.text("main-throws-until-file", null);
        mainExit = (int) given.integer("main-exit", NO_EXIT, 0, 255);
        executes = (int) given.integer("executes", 1, 1, MOST_EXECUTES);
    }

    /** @throws IllegalArgumentException naming all problems of these arguments */
    static Options parse(String[] args) {
        Arguments given = new Arguments(args);
        Options options = new Options(given);
        given.throwIfWrong();
        return options;
    }
}
