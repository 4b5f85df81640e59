#!/bin/sh
# Ends the components of a host once the host has ended, whatever ended it: then the host's end of this process's input
# closes. The host writes one line for each change: `start PID` or `end PID`. A negative PID is a process group.
set -eu

running=''
while read -r change pid; do
  others=''
  for each in $running; do
    [ "$each" = "$pid" ] || others="$others $each"
  done
  running=$others
  [ "$change" != start ] || running="$running $pid"
done

for pid in $running; do
  # A component may have ended with its host.
  kill -KILL "$pid" 2> /dev/null || :
done
