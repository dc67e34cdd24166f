package com.realtime.pipeline;

/** The job's named arguments, checked together: the exception names every problem, not only the first. */
final class Options {
    private static final String DEFAULT_NAME = "realtime-data-pipeline";
    private static final long LONGEST_SLEEP_MS = 3_600_000;

    final double rate;
    final int accounts;
    final long count;
    final String out;
    final String name;
    final long failAfter;
    final long mainSleepMs;
    final boolean mainThrows;
    final boolean mainExit;

    private Options(Arguments given) {
        rate = given.decimal("rate", 100);
        accounts = (int) given.integer("accounts", 10, 1, Integer.MAX_VALUE);
        count = given.integer("count", Long.MAX_VALUE, 1, Long.MAX_VALUE);
        out = given.uri("out");
        name = given.text("name", DEFAULT_NAME);
        failAfter = given.integer("fail-after", 0, 1, Long.MAX_VALUE);
        mainSleepMs = given.integer("main-sleep-ms", 0, 0, LONGEST_SLEEP_MS);
        mainThrows = given.flag("main-throws");
        mainExit = given.flag("main-exit");
    }

    /** @throws IllegalArgumentException naming all problems of these arguments */
    static Options parse(String[] args) {
        Arguments given = new Arguments(args);
        Options options = new Options(given);
        given.throwIfWrong();
        return options;
    }
}
