package com.realtime.pipeline;

import org.apache.flink.connector.datagen.source.GeneratorFunction;

/** Transaction n is always the same one, so that two runs over the same numbers must end with the same totals. */
final class TransactionGenerator implements GeneratorFunction<Long, Transaction> {
    private static final long serialVersionUID = 1L;
    private static final long AMOUNT_CENTS_MAX = 100_000;

    private final int accounts;

    TransactionGenerator(int accounts) {
        this.accounts = accounts;
    }

    @Override
    public Transaction map(Long n) {
        long account = Math.floorMod(n, (long) accounts);
        // A large odd factor spreads neighbouring numbers over all amounts.
        long amountCents = 1 + Math.floorMod(n * 0x9E3779B97F4A7C15L, AMOUNT_CENTS_MAX);
        return new Transaction("account-" + account, amountCents);
    }
}
