#!/bin/sh
# Plain `pulumi` for the sandbox: the engine itself, except that it writes nothing into the checkout.
#
# The passphrase provider of secrets keeps a salt, and the engine writes it into Pulumi.STACK.yaml wherever it finds none
# (pkg/cmd/pulumi/config/io.go, getAndSaveSecretsManager). So the commands that read that file get a copy of it, by
# --config-file; PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER makes the engine take the salt from the stack's state. Commands
# that have no such flag work in the sandbox's own project of the same name. Everything else goes through as it is:
# `pulumi config set` still changes the checkout's file, because that is what it is for.
#
# FLEET_PULUMI          path of the engine
# FLEET_PULUMI_PROJECT  folder of the sandbox's own project
# FLEET_PULUMI_CONFIG   folder for copies
set -eu

command='' sub='' stack=${PULUMI_STACK-} start=. chosen='' next=''
for word in "$@"; do
  if [ -n "$next" ]; then
    case $next in
      stack) stack=$word ;;
      start) start=$word ;;
    esac
    next=''
    continue
  fi
  case $word in
    --) break ;;
    --stack=*) stack=${word#--stack=} ;;
    --cwd=*) start=${word#--cwd=} ;;
    --config-file | --config-file=*) chosen=yes ;;
    --stack) next=stack ;;
    --cwd) next=start ;;
    --color | --verbose | --tracing | --otel-traces | --profiling | --memprofilerate | -v) next=other ;;
    --*) ;;
    # Short flags without a value may come before one that has one: -ys staging.
    -s | -[defjry]*s) next=stack ;;
    -C) next=start ;;
    -s=*) stack=${word#-s=} ;;
    -s?*) stack=${word#-s} ;;
    -C=*) start=${word#-C=} ;;
    -C?*) start=${word#-C} ;;
    -*) ;;
    *)
      if [ -z "$command" ]; then
        command=$word
      elif [ -z "$sub" ]; then
        sub=$word
      fi
      ;;
  esac
done
# organization/fleet/staging
stack=${stack##*/}

case $command in
  up | update | preview | pre | refresh | destroy | down | dn | import | watch | logs) reads=yes ;;
  config) case $sub in '' | get) reads=yes ;; *) reads='' ;; esac ;;
  stack)
    reads=''
    case $sub in
      # Both write the salt where they run.
      new | init | create | setup | history | hist) exec "$FLEET_PULUMI" "$@" --cwd "$FLEET_PULUMI_PROJECT" ;;
      # Otherwise the file goes with the stack.
      remove | rm | delete) exec "$FLEET_PULUMI" "$@" --preserve-config ;;
    esac
    ;;
  *) reads='' ;;
esac
if [ -z "$reads" ] || [ -n "$chosen" ] || [ -z "$stack" ]; then
  exec "$FLEET_PULUMI" "$@"
fi

# The engine looks for the project upwards from where it runs, and so does this.
project=$(CDPATH='' cd -- "$start" && pwd)
while [ ! -f "$project/Pulumi.yaml" ] && [ "$project" != / ]; do project=$(dirname -- "$project"); done
if [ ! -f "$project/Pulumi.yaml" ]; then
  exec "$FLEET_PULUMI" "$@"
fi

# One copy for each project: two of them may run side by side.
key=$(printf %s "$project" | cksum)
copies=$FLEET_PULUMI_CONFIG/${key%% *}
copy=$copies/Pulumi.$stack.yaml
mkdir -p "$copies"
# A salt or key in the checkout belongs to a real environment; the sandbox has its own.
if [ -f "$project/Pulumi.$stack.yaml" ]; then
  sed -e '/^encryptionsalt:/d' -e '/^encryptedkey:/d' -e '/^secretsprovider:/d' "$project/Pulumi.$stack.yaml" > "$copy.$$"
else
  : > "$copy.$$"
fi
mv "$copy.$$" "$copy"

exec "$FLEET_PULUMI" "$@" --config-file "$copy"
