package com.realtime.pipeline;

/** One movement on one account. Public fields and constructor make it a POJO, whose state Flink can evolve. */
public class Transaction {
    public String account;
    public long amountCents;

    public Transaction() {}

    public Transaction(String account, long amountCents) {
        this.account = account;
        this.amountCents = amountCents;
    }
}
