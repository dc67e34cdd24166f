/** Every limit and its reason, in one place. Milliseconds unless the name says otherwise. */
export const defaults = {
  /** A lease outlives the slowest pass without effects; a frozen owner is overtaken after it. */
  leaseMs: 20_000,
  /** Effects are over within a minute, so no owner holds it for longer than that, and one that ends farther ahead was written by a clock that was wrong: it holds nobody up. */
  leaseFarMs: 300_000,
  /** Renewed by a pass when less than this is left. */
  leaseRenewBelowMs: 10_000,
  /** Left for saving the outcome after an effect's own timeout. */
  effectMarginMs: 5_000,
  /** Our wait for the answer of POST /jars/:id/run: `main()` runs inside it and must not block other jobs. */
  submitCallMs: 20_000,
  /** Reading the secrets (`lookMs` at most) and streaming a jar to the JobManager; 115 MB took 0.5 s on one machine. With it a scheduled look (55 s) has time for slow looks before it acts. */
  uploadCallMs: 12_000,
  /** Jars of one pass, so that none of many misses `uploadCallMs`: 20 MB a second is a slow network. A larger jar goes alone. */
  uploadBytesMax: 240_000_000,
  /** How long a POST without an answer may still make its job appear. */
  mainWithinMs: 600_000,
  /** A POST that may never have been sent is repeated with the same id, on the same process, after this. */
  repeatAfterMs: 25_000,
  /** Every look at a port; a JobManager may hang for minutes. */
  lookMs: 5_000,
  /** The ledger: snapshots kept of one attempt, and how often a new checkpoint is written down while its job runs: a listing finds newer ones. */
  snapshotsMax: 4,
  /** The same of savepoints, which only the ledger counts: `savepoints.keep` is below it. */
  savepointsMax: 32,
  /** Bucket rules and what earlier attempts left are looked at this often, of so many jobs in one pass, so many directories of each: nobody waits for that. */
  checkEveryMs: 24 * 3_600_000,
  checksMax: 5,
  leftMax: 10,
  /** What is deleted is counted again after this: one call may not get through it all; and what could not be seen is looked at again. */
  leftAgainMs: 600_000,
  /** Who may not see the rules of a bucket may never: told at once, and asked again after this, so that it is over soon after it is mended. */
  rulesAgainMs: 1_800_000,
  /** A check waits so long for a look in which no job of its cluster waits for anything: one that waits for ever stops no check of the others. */
  checkIdleMs: 600_000,
  /** A scheduled savepoint that failed is tried again after this, or when the next one is due. */
  savepointAgainMs: 3_600_000,
  /** A call for a savepoint that Flink knows nothing of may still arrive so long after it was made: no other one is asked for before. */
  savepointLateMs: 180_000,
  ledgerEveryMs: 300_000,
  /** By so much may Flink's clock be behind ours where a savepoint's time tells which call it came of. */
  clockSkewMs: 10_000,
  /** Snapshots older than the newest that are tried where Flink refuses it. */
  restoreDepth: 2,
  /** Flink is asked for a first snapshot at each look: who is lost so soon after its submission had hardly any state. */
  unheardStateMs: 600_000,
  /** From its submission on, an older or empty start is told at least so long: the slowest main(), and some looks of each minute after it, of which one may fail. */
  badRestoreToldMs: 1_200_000,
  /** Requests of one search for snapshots: a bucket may hold anything. */
  snapshotRequestsMax: 60,
  /** Of these so many for savepoints that a full ledger has dropped: checkpoints and newer savepoints are proven with the rest. */
  unlistedSavepointsMax: 40,
  /** A process that answers without a job it ran: certain after this (a slow JobMaster may be missing for a moment). */
  goneAfterMs: 10_000,
  /** From the first look to the top of the ladder, before a person is told. */
  readyWithinMs: 180_000,
  /** Nobody leads, or nobody can say who: ZooKeeper ends the session of a killed leader after a minute by default, ECS may have to start the next one, and recovery takes a while. */
  leaderWithinMs: 180_000,
  /** ZooKeeper's session of a JobManager, where Flink's configuration does not say it. */
  sessionMs: 60_000,
  /** With `leader: rest` a job counts as absent when nobody listed it for a session and this: an election, and a recovery that begins with an empty list, are over then. */
  restMarginMs: 60_000,
  /** Between two looks of that time counts no more than this: a scheduled one comes each minute. Who did not reach every JobManager for longer knows nothing of what was listed meanwhile. */
  restGapMs: 90_000,
  /** Where nobody looked for longer, as where ticks are late, the rest of it does not count; what was seen so long ago says nothing of now. */
  restStaleMs: 600_000,
  /** Jobs named of those that wait for a leader: a person reads no more. */
  recoveredNamedMax: 5,
  /** ZooKeeper is asked this often who leads: each time in a session of its own. */
  pollLeaderMs: 500,
  /** Free slots are a wish with a limit. */
  slotsWithinMs: 120_000,
  /** Of the time between two looks at a problem no more than this counts before it is told: a scheduled one comes each minute, and not each is written down. */
  patienceGapMs: 120_000,
  /** A view that fails is told after this. */
  viewLostMs: 90_000,
  /** Live, but not all tasks run: Flink itself waits up to 5 min for slots after its start. */
  tasksWithinMs: 300_000,
  /** The health of live jobs: windows, thresholds and what makes them open and close. A job's `health` in the manifest says otherwise. */
  health: {
    /** A job's figures cost two or three calls: once for each look of the schedule, of so many jobs in one pass. */
    sampleEveryMs: 45_000,
    samplesAtOnceMax: 50,
    /** Samples kept of one job: an hour of the schedule's looks. */
    samplesMax: 64,
    /** A figure that is older says nothing of now: two looks may fail. */
    freshMs: 180_000,
    /** By default Flink waits a minute at most between two restarts: who fails at once does so ten times in this. Losing a TaskManager costs one or two. */
    restartsMax: 5,
    restartsWithinMs: 900_000,
    /** A restart loop is over when this part of its window saw no restart. */
    calmShare: 3,
    /** One or two fail right after a start. */
    checkpointFailuresMax: 3,
    /** So many samples in a row have to say the same, that an outage of a moment is nobody's worry. */
    checkpointLooks: 2,
    /** Many tolerate any number of failures: the window is to end all the same. */
    toleratedMax: 8,
    /** No checkpoint for less than this is nobody's worry, however short the interval. */
    progressLeastMs: 300_000,
    /** How records flow costs a call that is larger, and some requests where the output is watched: of so few jobs in one look that fifty of them take turns. */
    flowEveryMs: 280_000,
    flowsAtOnceMax: 10,
    /** A figure that is older says nothing of now: two looks may fail. */
    flowFreshMs: 900_000,
    /** Vertices of a job that are kept, with so much of their names: more is not read by anybody. */
    verticesMax: 50,
    vertexNameMax: 80,
    /** Six hours of looks. */
    sharesMax: 80,
    /** Of its time a vertex cannot wait more; where Flink's figure is a minute older at one look than at the other it seems to. */
    sharePercentMax: 200,
    /** A job that catches up waits for its slowest part, too: it is told of nearly all its time, and for long. */
    pressurePercent: 90,
    pressureWithinMs: 1_800_000,
    /** Who waits, and for whom, is kept from so much on. */
    pressureWordsPercent: 30,
    /** It is over when so many looks in a row see so many points less. */
    pressureLooks: 2,
    pressureOverPoints: 20,
    /** Whether output grows cannot be told: a listing that failed, or two, are nobody's worry. */
    outputUnseenMs: 900_000,
    /** Pages of one listing for the newest file. */
    outputPagesMax: 20,
    /** Why it cannot be told, as it is kept. Characters. */
    reasonMax: 300,
    /** The age of a snapshot is told by two clocks, which may be minutes apart. */
    ageLeastMs: 900_000,
    /** A root cause that a job is to tell of is told again when it was away for so long; so many of one job at once: what differs each time is told by nobody. */
    causeWithinMs: 3_600_000,
    causesMax: 5,
  },
  /** Tasks of the JobManager's and TaskManagers' services. */
  tasks: {
    /** A crash loop: so many tasks of one service ended by themselves within this. One may be bad luck, two may be the same. */
    crashesMax: 3,
    crashesWithinMs: 900_000,
    /** Tasks that were there side by side and end within this of each other ended once. */
    apartMs: 10_000,
    /** It is over when this part of its window saw no end, and as many run as are wanted. */
    calmShare: 3,
    /** Fewer TaskManagers than wanted: a new one takes a minute or two, and a deployment replaces them in turn. */
    missingWithinMs: 600_000,
    /** Containers of one task whose end is told: Flink's own, and a few beside it. */
    exitsMax: 5,
    /** Two that one cause made are first seen in one look, or in the next. */
    sameTimeMs: 90_000,
    /** A bigger cause that is over explains so much longer what it did: their windows begin and end a look or two later. */
    explainsAfterMs: 300_000,
  },
  /** What the autopilot does for a job that failed, or is ill; `healing` in the manifest says otherwise. */
  healing: {
    /** One may be chance, two a slow recovery of what the job needs; who fails after three has a cause that a person has to mend. Attempts are kept of more. */
    restartsMax: 3,
    /** Long enough for a broker or a database to come back, and for a job to show whether it runs. */
    distanceMs: 300_000,
    /** What ran well for so long fails for another cause next time. */
    refillMs: 1_800_000,
    /** So many times as long as is told of does nothing about a job change before it is ended: a large state may take long to be read. */
    stuckFactor: 3,
    /** So many live jobs that look ill at once, when they are more than half, are the cluster's illness; so many are named. */
    breakerJobs: 3,
    breakerNamed: 10,
  },
  /** A job that waits for others (`after`): told after this, when the others' own patience is over, too. */
  afterWithinMs: 300_000,
  /** Cancelling takes a tenth of a second; a call that brought no end is made again after this, and told after that. */
  cancelAgainMs: 10_000,
  cancelWithinMs: 120_000,
  /** Foreign jobs that a person said are others, kept for each job. */
  ignoredMax: 100,
  /** Foreign jobs named in one incident. */
  suspectsMax: 20,
  /** Distance to the next try after `main()` threw: it may pass (a database that is not up yet). */
  throwRetryMs: [60_000, 120_000, 240_000, 480_000, 900_000, 1_800_000],
  /** A submission whose JobManager dies under it: held after so many. */
  killsMax: 2,
  /** The same where main() took longer than the call, so that an ordinary end of the JobManager is as likely, at first. */
  slowKillsMax: 4,
  /** A main() that hangs keeps a thread of its JobManager each time: held after so many on one process. */
  hungMax: 2,
  /** A crash loop: so many attempts lost within this time are told, although each is started again. */
  lossesMax: 3,
  lossWindowMs: 900_000,
  /** The ladder is asked this often at first, then more slowly. One question costs a JobManager about a millisecond. */
  pollFastMs: 50,
  pollFastForMs: 60_000,
  pollSlowMs: 400,
  /** ECS is asked less often than a JobManager: its API is shared and throttled. */
  pollEcsMs: 1_000,
  /** A full pass at least this often while waiting, so that other jobs are looked at. */
  fullPassEveryMs: 5_000,
  /** One job's entry in the manifest, as JSON in UTF-8: each attempt keeps it, and an item holds 400 KB. */
  jobBytesMax: 8_000,
  /** A job's name on Flink, which has no limit of its own: it is kept with each attempt. Characters. */
  flinkNameMax: 1_000,
  /** Directories of one listing in the file store of snapshots, in five requests: a lineage has a few, and who finds more than this finds other people's. */
  childrenMax: 5_000,
  /** Files whose sizes are added up, in ten requests: it is a figure for people. */
  sizedFilesMax: 10_000,
  /** Attempts kept for each job. */
  attemptsMax: 10,
  /** POSTs kept for each attempt; unsettled ones are never dropped. */
  postsMax: 10,
  /** Items of one DynamoDB transaction. */
  transactionItemsMax: 100,
  /** All items of one, as JSON in UTF-8: DynamoDB takes 4 MB, counted in a form of its own. */
  transactionBytesMax: 3_000_000,
  /** Incidents written by one pass: they never crowd out its jobs. */
  incidentsMax: 40,
  /** Orders carried out by one pass: their lines fit in its transaction. */
  ordersMax: 20,
  /** Incidents told by one pass: their marks fit in one transaction. */
  tellsMax: 40,
  /** Left for saving what was told, so that it is not told again: a commit takes some 50 ms, and some more where it is tried again. */
  tellMarginMs: 2_000,
  /** Passes of one invocation: a bound for what should end by its deadline anyway. */
  passesMax: 2_000,
  /** Clusters looked at side by side by one scheduled tick. */
  clustersAtOnce: 8,
  /** Clusters that left the manifest, looked at by one scheduled tick: nobody waits for them, and the rest comes next. */
  leftClustersMax: 20,
  /** Tries to take a lease whose owner leaves at that moment, or soon. */
  leaseTriesMax: 5,
  /** Who came to wait asks this often, this long, for the lease of a scheduled look, which takes about a second. */
  leasePollMs: 1_000,
  leasePatienceMs: 3_000,
  /** Retries of a transient fault inside the deadline. */
  retriesMax: 3,
  retryBaseMs: 50,
  /** An order that was not carried out by then is dropped; its item goes some time later. */
  orderWithinMs: 3_600_000,
  expiredOrderKeptMs: 24 * 3_600_000,
  /** A look at a cluster at which nothing is done takes a tenth of this. */
  slowPassMs: 2_000,
  /** A start that took longer is none that anybody waited for: it was found late, and would spoil the figures of starts. */
  startWithinMs: 3_600_000,
  /** Audit lines shown at once. */
  historyMax: 1_000,
  /** Closed incidents and audit lines expire. */
  incidentKeptMs: 30 * 24 * 3_600_000,
  logKeptMs: 90 * 24 * 3_600_000,
  /** Longest text of an incident, which may list what others named: a person reads no more, and an item holds 400 KB. */
  incidentTextMax: 4_000,
  /** Longest text kept of a foreign error. */
  textMax: 500,
  /** Oldest Flink that is supported: 1.18 closed the race of two submissions with one id. */
  flinkVersionMin: [1, 18],
} as const;
