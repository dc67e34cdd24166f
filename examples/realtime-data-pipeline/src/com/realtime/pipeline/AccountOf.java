package com.realtime.pipeline;

import org.apache.flink.api.java.functions.KeySelector;

/** The key of a transaction: its account. */
final class AccountOf implements KeySelector<Transaction, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public String getKey(Transaction transaction) {
        return transaction.account;
    }
}
