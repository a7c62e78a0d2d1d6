#!/usr/bin/env bash
# Prints what a daemon says, a line for each message, with nothing but curl: no message is left out
# or comes twice, however often the network breaks.
#   watch.sh http://127.0.0.1:8080 demo        until the session ends
#   watch.sh http://127.0.0.1:8080 demo 3      three messages
set -euo pipefail
if [ $# -lt 2 ]; then
    echo "usage: watch.sh URL DAEMON [MESSAGES]" >&2
    exit 2
fi
base=$1 daemon=$2 most=${3:-1000000000} got=0
field() { sed -n 's/.*"'"$1"'": *"\([^"]*\)".*/\1/p'; }

opened=$(curl -sSf -X POST "$base/v1/daemons/$daemon/sessions")
session=$base/v1/sessions/$(field id <<<"$opened") key="XMLSocket-Key: $(field key <<<"$opened")"
trap 'rm -f "$answer"; curl -s -X DELETE -H "$key" "$session"' EXIT
answer=$(mktemp)

while [ "$got" -lt "$most" ]; do
    status=$(curl -s -o "$answer" -w '%{http_code}' -m 40 -H "$key" "$session/messages?ack=$got&wait=20") || status=0
    case $status in
        200) tr '\0' '\n' <"$answer"; got=$((got + $(tr -cd '\0' <"$answer" | wc -c))) ;;
        204) ;;
        404 | 410) echo "the session has ended: $(field code <"$answer")" >&2; exit 1 ;;
        *) sleep 1 ;;
    esac
done
