package com.realtime.pipeline;

import java.nio.file.Files;
import java.nio.file.Paths;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringEncoder;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Generated transactions, counted and summed for each account in keyed state, written as files.
 * Every operator has a uid, so that a snapshot of one version can be restored into the next.
 */
public final class FlinkCDC3App {

    private FlinkCDC3App() {}

    public static void main(String[] args) throws Exception {
        Options options = Options.parse(args);
        misbehaveAsAsked(options);
        for (int number = 1; number <= options.executes; number++) {
            run(options, number == 1 ? options.name : options.name + "-" + number);
        }
    }

    private static void run(Options options, String name) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        DataStream<String> totals =
                env.fromSource(source(options), WatermarkStrategy.noWatermarks(), "transactions")
                        .uid("transactions")
                        .keyBy(new AccountOf())
                        .process(new AccountTotals(options.failAfter))
                        .name("account-totals")
                        .uid("account-totals");
        if (options.out == null) {
            totals.sinkTo(new DiscardingSink<>()).name("discard").uid("discard");
        } else {
            totals.sinkTo(files(options.out)).name("files").uid("files");
        }
        env.execute(name);
    }

    /** What a careless main() does on a bad day: takes long, throws, or ends the JVM it runs in. */
    private static void misbehaveAsAsked(Options options) throws InterruptedException {
        if (options.mainSleepMs > 0) {
            Thread.sleep(options.mainSleepMs);
        }
        if (options.mainThrows != null && !hasPassed(options)) {
            throw new IllegalStateException(options.mainThrows);
        }
        if (options.mainExit != Options.NO_EXIT) {
            System.exit(options.mainExit);
        }
    }

    /** Whether the cause of {@code --main-throws} is over, as a database comes back one day. */
    private static boolean hasPassed(Options options) {
        boolean isThere = options.mainThrowsUntilFile != null && Files.exists(Paths.get(options.mainThrowsUntilFile));
        return isThere || System.currentTimeMillis() >= options.mainThrowsUntilMs;
    }

    private static DataGeneratorSource<Transaction> source(Options options) {
        return new DataGeneratorSource<>(
                new TransactionGenerator(options.accounts),
                options.count,
                RateLimiterStrategy.perSecond(options.rate),
                TypeInformation.of(Transaction.class));
    }

    /** A file is finished at each checkpoint; until then its name begins with a dot. */
    private static FileSink<String> files(String uri) {
        return FileSink.forRowFormat(new Path(uri), new SimpleStringEncoder<String>("UTF-8"))
                .withRollingPolicy(OnCheckpointRollingPolicy.build())
                .build();
    }
}
