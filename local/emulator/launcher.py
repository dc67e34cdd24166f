"""Runs MiniStack with the gaps closed that a faithful local AWS must not have.

Everything is corrected in memory at start-up; no file of the package is touched. The functions named here with a leading
underscore are MiniStack's own internals, so its version is pinned in local/versions.json.
"""

import json
import sys
import threading
import time
import uuid

from ministack import app
from ministack.core import lambda_runtime
from ministack.services import cloudwatch, cloudwatch_logs, ecs, eventbridge, lambda_svc, scheduler
from ministack.services.cloudformation import provisioners

TICK_SECONDS = 1


def accept_events_of_aws():
    """PutEvents takes `aws.*` sources, so that the local ECS agent can say what ECS says."""
    put_events = eventbridge._put_events
    eventbridge._put_events = lambda data, allow_aws_source=True: put_events(data, True)


def deliver_to_lambda_as_eventbridge_does():
    """A rule's Lambda target goes through Lambda's asynchronous queue (retries, then its dead letter or failure
    destination). A target that does not exist sends the event to the target's own dead-letter queue."""
    invoke_target = eventbridge._invoke_target

    def dispatch_to_lambda(arn, payload):
        function, config, _ = lambda_svc._get_func_record_for_ref(arn)
        try:
            event = json.loads(payload)
        except (TypeError, ValueError):
            event = {"body": payload}
        lambda_svc.invoke_async_with_retry(lambda_svc._execution_record_for_config(function, config), event)

    def invoke_or_dead_letter(target, event, rule, view=None, *args, **kwargs):
        arn = target.get("Arn", "")
        if ":lambda:" in arn and not lambda_svc._get_func_record_for_ref(arn)[0]:
            eventbridge.logger.warning("EventBridge: the target %s does not exist", arn)
            dead_letter = (target.get("DeadLetterConfig") or {}).get("Arn")
            if not dead_letter:
                return None
            target = {"Id": "dead-letter", "Arn": dead_letter}
        return invoke_target(target, event, rule, view, *args, **kwargs)

    eventbridge._dispatch_to_lambda = dispatch_to_lambda
    eventbridge._invoke_target = invoke_or_dead_letter


def keep_lambda_properties():
    """CloudFormation keeps what it otherwise drops of a function: reserved concurrency, dead letter, VPC."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::Lambda::Function"]

    def keep(result, properties):
        function = lambda_svc._functions.get(result[0])
        if function is None:
            return result
        reserved = properties.get("ReservedConcurrentExecutions")
        function["concurrency"] = None if reserved is None else int(reserved)
        for key in ("DeadLetterConfig", "VpcConfig"):
            function["config"].pop(key, None)
            if properties.get(key):
                function["config"][key] = properties[key]
        return result

    create, update = handlers["create"], handlers["update"]
    handlers["create"] = lambda *args, **kwargs: keep(create(*args, **kwargs), args[1])
    handlers["update"] = lambda *args, **kwargs: keep(update(*args, **kwargs), args[2])


# Inside these a key is data of the user, not a name of the API.
MAPS = {"DockerLabels", "Options"}


def camel_case(value, is_map=False):
    """CloudFormation's spelling of a property, at every depth, in the spelling of the ECS API."""
    if isinstance(value, list):
        return [camel_case(item) for item in value]
    if not isinstance(value, dict) or is_map:
        return value
    return {key[:1].lower() + key[1:]: camel_case(item, key in MAPS) for key, item in value.items()}


def keep_ecs_properties():
    """CloudFormation keeps a service's discovery registries, and everything inside a container definition is spelled as
    DescribeTaskDefinition spells it (otherwise Secrets, HealthCheck and RestartPolicy keep CloudFormation's keys)."""
    provisioners._normalize_container_defs = camel_case
    handlers = provisioners._RESOURCE_HANDLERS["AWS::ECS::Service"]

    def keep(result, properties):
        service = ecs._services.get("/".join(result[0].rsplit("/", 2)[-2:]))
        if service is not None:
            service["serviceRegistries"] = camel_case(properties.get("ServiceRegistries") or [])
        return result

    create, update = handlers["create"], handlers["update"]
    handlers["create"] = lambda *args, **kwargs: keep(create(*args, **kwargs), args[1])
    handlers["update"] = lambda *args, **kwargs: keep(update(*args, **kwargs), args[2])


def log_as_it_is_written():
    """A function's lines reach CloudWatch Logs when they are written, as on AWS, not all at once when the invocation ends:
    what a long invocation is waiting for could not be seen otherwise."""
    emit_lambda_logs = lambda_svc._emit_lambda_logs

    def read_stderr(worker):
        account, region = lambda_svc._account_region_from_function_config(worker.config)
        lambda_svc._request_account_id.set(account)
        lambda_svc._request_region.set(region)
        stream = {
            "logGroupName": f"/aws/lambda/{worker.func_name}",
            "logStreamName": f"{time.strftime('%Y/%m/%d')}/[$LATEST]{uuid.uuid4().hex}",
        }
        cloudwatch_logs._create_log_group(stream)
        cloudwatch_logs._create_log_stream(stream)
        try:
            for line in worker._proc.stderr:
                worker._stderr_queue.put(line.rstrip("\n"))
                cloudwatch_logs._put_log_events({**stream, "logEvents": [{"message": line.rstrip("\n")}]})
        except ValueError:
            pass  # the worker was ended and its pipe closed

    def emit_without_lines(function, request_id, log_text, *args, **kwargs):
        config = function.get("config") or function
        written = config.get("Runtime", "").startswith(("nodejs", "python"))
        emit_lambda_logs(function, request_id, "" if written else log_text, *args, **kwargs)

    lambda_runtime.Worker._read_stderr = read_stderr
    lambda_svc._emit_lambda_logs = emit_without_lines


def give_functions_credentials_of_their_own():
    """A function signs with credentials of its own, as on AWS: its session token tells it from all others."""
    execution_credentials = lambda_runtime.execution_credentials
    lambda_runtime.execution_credentials = lambda config: {
        **execution_credentials(config),
        "AWS_SESSION_TOKEN": config.get("FunctionName", ""),
    }


def look_each_second():
    """Schedules and alarms are looked at each second: a minute is then a minute, not up to seventy seconds."""
    eventbridge._SCHEDULER_TICK_INTERVAL = scheduler._SCHEDULE_TICK_INTERVAL = TICK_SECONDS

    def watch_alarms():
        while True:
            time.sleep(TICK_SECONDS)
            try:
                cloudwatch._evaluate_all_alarms()
            except Exception:  # one broken alarm must not end the watch over the others
                cloudwatch.logger.exception("an alarm could not be evaluated")

    threading.Thread(target=watch_alarms, daemon=True).start()


if __name__ == "__main__":
    accept_events_of_aws()
    deliver_to_lambda_as_eventbridge_does()
    keep_lambda_properties()
    keep_ecs_properties()
    log_as_it_is_written()
    give_functions_credentials_of_their_own()
    look_each_second()
    sys.exit(app.main())
