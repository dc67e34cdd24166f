package com.realtime.pipeline;

import java.util.List;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * For each transaction one line {@code account,count,totalCents}: how many the account has had and what they come to. The
 * accumulator {@code transactions} says how many all accounts have had since the very first start: it is kept in state.
 */
final class AccountTotals extends KeyedProcessFunction<String, Transaction, String> implements CheckpointedFunction {
    private static final long serialVersionUID = 1L;
    private static final String TRANSACTIONS = "transactions";

    private final long failAfter;
    private final LongCounter transactions = new LongCounter();
    private transient ListState<Long> transactionsBefore;
    private transient ValueState<Long> count;
    private transient ValueState<Long> totalCents;
    private transient long seen;

    /** @param failAfter records that each subtask takes in one attempt before it fails; 0 = never fails */
    AccountTotals(long failAfter) {
        this.failAfter = failAfter;
    }

    /** Flink begins every accumulator at zero, so that of each subtask is given what its state says. */
    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        transactionsBefore =
                context.getOperatorStateStore().getListState(new ListStateDescriptor<>(TRANSACTIONS, Types.LONG));
        for (long before : transactionsBefore.get()) {
            transactions.add(before);
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        transactionsBefore.update(List.of(transactions.getLocalValuePrimitive()));
    }

    @Override
    public void open(OpenContext context) {
        getRuntimeContext().addAccumulator(TRANSACTIONS, transactions);
        count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Types.LONG));
        totalCents = getRuntimeContext().getState(new ValueStateDescriptor<>("totalCents", Types.LONG));
    }

    @Override
    public void processElement(Transaction transaction, Context context, Collector<String> out) throws Exception {
        failAsAsked();
        long counted = orZero(count.value()) + 1;
        long total = orZero(totalCents.value()) + transaction.amountCents;
        count.update(counted);
        totalCents.update(total);
        transactions.add(1);
        out.collect(transaction.account + "," + counted + "," + total);
    }

    /** {@code seen} is no state: it begins again at zero with each attempt of Flink to run the task. */
    private void failAsAsked() {
        seen += 1;
        if (failAfter > 0 && seen > failAfter) {
            throw new IllegalStateException("record " + seen + " fails, as --fail-after " + failAfter + " asks");
        }
    }

    private static long orZero(Long value) {
        return value == null ? 0 : value;
    }
}
