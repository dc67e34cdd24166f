import { COMMANDS, FLAGS, VALUES } from './usage.ts';

const commands = Object.keys(COMMANDS).join(' ');
const options = [...Object.keys(VALUES), ...FLAGS].map((name) => `--${name}`).join(' ');

/**
 * A completion script for a shell: commands, options, and CLUSTER/JOB from the flink-jobs.yml of the folder or one above.
 * It reads the file with awk, since a shell waits for each key.
 */
export const completionScript = (shell: 'bash' | 'zsh'): string =>
  shell === 'bash' ? BASH : `autoload -U +X bashcompinit && bashcompinit\n${BASH}`;

/** After `npx` it completes this command alone; everything else is left to file names. */
const BASH = `_flink_autopilot_names() {
  local dir="$PWD"
  while [ ! -f "$dir/flink-jobs.yml" ] && [ -n "$dir" ]; do dir="\${dir%/*}"; done
  [ -f "$dir/flink-jobs.yml" ] || return 0
  awk '
    { line = $0; sub(/#.*/, "", line); match(line, /^ */); depth = RLENGTH }
    line ~ /^ *(- )? *jobs:/ { jobs = depth; if (line ~ /^ *- /) jobs = depth + 2; next }
    line ~ /^ *(- )? *name:/ {
      at = depth; if (line ~ /^ *- /) at = depth + 2
      name = line; sub(/^[^:]*: */, "", name); gsub(/["'"'"' \\r]/, "", name)
      if (jobs != "" && at > jobs) print cluster "/" name
      else { cluster = name; jobs = ""; print name }
    }
  ' "$dir/flink-jobs.yml"
}
_flink_autopilot() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" first=1 words
  [ "\${COMP_WORDS[0]}" = npx ] && first=2
  if [ "$first" = 2 ] && [ "\${COMP_WORDS[1]}" != flink-autopilot ]; then
    [ "$COMP_CWORD" = 1 ] && COMPREPLY=($(compgen -W flink-autopilot -- "$cur"))
    return 0
  fi
  case "$cur" in
    -*) words="${options}" ;;
    *)
      if [ "$COMP_CWORD" = "$first" ]; then words="${commands}"
      elif [ "\${COMP_WORDS[first]}" = completion ]; then words="bash zsh"
      else words="$(_flink_autopilot_names)"; fi ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o bashdefault -o default -F _flink_autopilot flink-autopilot npx`;
