import type { Guard } from './guard.ts';

/** What keeps a failover from being taken for a loss, and a standby from being taken for the leader. */
export const ofLeaders: readonly Guard[] = [
  {
    name: 'leader-unknown',
    what: 'Where nobody can say who leads, nothing is done.',
    file: 'lib/core/readiness.ts',
    text: "  if (!leader.known) return missing('leader', leader.because.text, undefined, leader.because.code);\n",
    instead: '  if (!leader.known) return readinessOn(cluster, observation, answering[0] ?? first);\n',
    also: [
      {
        file: 'lib/ask-flink.ts',
        text: 'lookForLeader(ports, cluster, deadlineMs),',
        instead: 'lookForLeader(ports, cluster, deadlineMs).catch(() => ({ leader: to.led })),',
      },
      {
        file: 'lib/core/absence.ts',
        text: "(view.value.identity.ha === 'none' || view.value.recovers !== undefined || isPeer(view.value));",
        instead: 'view.value !== undefined;',
      },
    ],
    profile: 'unasked',
  },
  {
    name: 'leader-only',
    what: 'Of several JobManagers the one that ZooKeeper names takes the submissions.',
    file: 'lib/core/readiness.ts',
    text: 'if (leading !== undefined) return readinessOn(cluster, observation, leading);',
    instead: 'if (leading !== undefined) return readinessOn(cluster, observation, first);',
    profile: 'led',
  },
  {
    name: 'leader-again',
    what: 'Who leads, and since when, is read again right before an effect.',
    file: 'lib/ask-flink.ts',
    text: 'if (to.led?.session !== leader?.session || to.led?.memory !== leader?.memory)',
    instead: 'if (to.led?.session === deadlineMs.toString())',
    profile: 'restless',
  },
  {
    name: 'recovered-live',
    what: 'A job that Flink has to recover is live, whatever the leader lists.',
    file: 'lib/core/liveness.ts',
    text: '.filter((jobId) => !listed.has(jobId))',
    instead: '.filter((jobId) => listed.has(jobId) && !listed.has(jobId))',
    also: [
      {
        file: 'lib/core/absence.ts',
        text: 'view.recovers.includes(jobId) || ',
        instead: '',
      },
      {
        file: 'lib/core/sighted.ts',
        text: 'if (view.recovers?.includes(attempt.jobId)) return',
        instead: 'if (view.recovers?.includes(attempt.jobId) && attempt.n < 0) return',
      },
    ],
    profile: 'restless',
  },
  {
    name: 'absent-two-looks',
    what: 'Under a leader one look proves no loss.',
    file: 'lib/core/remember.ts',
    text: 'const isSure = isAbsentLong(attempt, nowMs);',
    instead: 'const isSure = isAbsentLong(attempt, nowMs) || attempt.n > 0;',
    profile: 'wiped',
  },
  {
    name: 'lost-open-elsewhere',
    what: 'A job may still come of a submission to who led before.',
    file: 'lib/core/remember.ts',
    text: 'if (leader !== undefined && (!isSure || attempt.posts.some((post) => isOpen(post, nowMs)))) return attempt;',
    instead: 'if (leader !== undefined && !isSure) return attempt;',
    profile: 'restless',
  },
  {
    name: 'same-memory-gone',
    what: 'A job that a leader no longer has, of a memory that is the same, has ended; only a memory that was made anew has lost it.',
    file: 'lib/core/absence.ts',
    text: 'before?.led !== undefined && before.led.memory === now.led?.memory;',
    instead: "before?.led?.memory === '' && now.led?.memory === '';",
    profile: 'succeeded',
  },
  {
    name: 'ids-from-zookeeper',
    what: 'After a lost table ids are known from what Flink has to recover, and while it has one that nobody knows nothing is submitted.',
    file: 'lib/core/remember.ts',
    text: '[...jobsOf(view), ...recovering(view)]',
    instead: '[...jobsOf(view), ...recovering(view).slice(0, 0)]',
    also: [
      {
        file: 'lib/core/hindrances.ts',
        text: 'if (copy === undefined) return undefined;\n  const { jobId } = copy.job;',
        instead: 'if (copy?.job.jobId !== incarnation.address) return undefined;\n  const { jobId } = copy.job;',
      },
    ],
    profile: 'restless',
  },
  {
    name: 'rest-absent-window',
    what: 'Where REST alone has to prove it, a job is absent when no JobManager listed it for a session and a margin.',
    file: 'lib/core/rest-absence.ts',
    text: 'if (absentMs >= leastMs) return undefined;',
    instead: 'if (absentMs >= 0 || leastMs < 0) return undefined;',
    profile: 'listed',
  },
];
