#!/usr/bin/env bash
# Checks that this node is ready. Uses only bash, since the base image may lack curl.
set -euo pipefail
exec 3<>"/dev/tcp/127.0.0.1/${ANTEROOM_HTTP_ADMIN_PORT:-8081}"
printf 'GET /health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
IFS=' ' read -r _ status _ <&3
[[ "$status" == 200 ]]
