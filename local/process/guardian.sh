# Ends process groups when the process that feeds it dies, also by SIGKILL: then its standard input ends.
# Lines: "+ GROUP" to watch a group, "- GROUP" to forget one.
trap '' HUP INT TERM
groups=' '
while read -r sign group; do
  case $sign in
    +) groups="$groups$group " ;;
    -) groups="${groups%% "$group" *} ${groups#* "$group" }" ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
