PLATFORM_BASE_URL=http://127.0.0.1:8900 TMS_BASE_URL=http://127.0.0.1:8900/web
field() { python3 -c "import json, sys; print(json.load(sys.stdin)$1)"; }
call() { curl --silent --show-error --fail --header "Authorization: Bearer $ACCESS_TOKEN" "$@"; }

ACCESS_TOKEN=$(curl --silent --show-error --fail "$PLATFORM_BASE_URL/idm/oauth/token" \
  --data-urlencode 'grant_type=urn:ietf:params:oauth:grant-type:token-exchange' \
  --data-urlencode 'subject_token=simulator-token' | field '["access_token"]')
TEMPLATE_UID=$(call "$TMS_BASE_URL/api2/v1/projectTemplates" | field '["content"][0]["uid"]')
PROJECT_UID=$(call "$TMS_BASE_URL/api2/v2/projects/applyTemplate/$TEMPLATE_UID" \
  --header 'Content-Type: application/json' --data '{"name":"Quick start"}' | field '["uid"]')
JOBS_URL=$TMS_BASE_URL/api2/v1/projects/$PROJECT_UID/jobs
JOB_UID=$(printf 'Hello world\n' | call "$JOBS_URL" --header 'Content-Type: application/octet-stream' \
  --header 'Memsource: {"targetLangs":["de"]}' --header "Content-Disposition: filename*=UTF-8''hello.txt" \
  --data-binary @- | field '["jobs"][0]["uid"]')

until [ "$(call "$JOBS_URL/$JOB_UID" | field '["imported"]')" = True ]; do sleep 1; done
ASSIGN_URL=$TMS_BASE_URL/api2/v1/projects/$PROJECT_UID/applyTemplate/$TEMPLATE_UID/assignProviders
call --request POST "$ASSIGN_URL" --output /dev/null
until [ "$(call "$JOBS_URL/$JOB_UID" | field '["status"]')" = COMPLETED ]; do sleep 1; done
ASYNC_ID=$(call --request PUT "$TMS_BASE_URL/api2/v3/projects/$PROJECT_UID/jobs/$JOB_UID/targetFile" \
  | field '["asyncRequest"]["id"]')
until [ "$(call "$TMS_BASE_URL/api2/v1/async/$ASYNC_ID" | field '["asyncResponse"]')" != None ]; do sleep 1; done
call "$TMS_BASE_URL/api2/v2/projects/$PROJECT_UID/jobs/$JOB_UID/downloadTargetFile/$ASYNC_ID"
call "$JOBS_URL/$JOB_UID/setStatus" --header 'Content-Type: application/json' \
  --data '{"requestedStatus":"DELIVERED","notifyOwner":true,"propagateStatus":true}'
call "$JOBS_URL/$JOB_UID" | field '["status"]'
