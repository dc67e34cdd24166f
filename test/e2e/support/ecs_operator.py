"""What an operator does with `aws ecs …`: the CLI's own library makes the same requests and reads the same answers.

Runs with the environment of a local world; prints one JSON object: operation -> what matters of its answer.
"""

import json
import sys

from botocore.exceptions import ClientError
from botocore.session import Session

CLUSTER = sys.argv[1]
ecs = Session().create_client("ecs")


def list_tasks(**request):
    pages = ecs.get_paginator("list_tasks").paginate(cluster=CLUSTER, PaginationConfig={"PageSize": 1}, **request)
    return [arn for page in pages for arn in page["taskArns"]]


def address_of(task):
    details = [one for attachment in task["attachments"] for one in attachment["details"]]
    return next(one["value"] for one in details if one["name"] == "privateIPv4Address")


def run_task():
    service = ecs.describe_services(cluster=CLUSTER, services=["jobmanager"])["services"][0]
    override = {"name": "jobmanager", "command": ["sh", "-c", "exec sleep 300"]}
    answer = ecs.run_task(
        cluster=CLUSTER,
        taskDefinition=service["taskDefinition"],
        launchType="FARGATE",
        startedBy="operator",
        networkConfiguration=service["networkConfiguration"],
        overrides={"containerOverrides": [override]},
    )
    assert answer["failures"] == [], answer["failures"]
    (task,) = answer["tasks"]
    ecs.get_waiter("tasks_running").wait(cluster=CLUSTER, tasks=[task["taskArn"]], WaiterConfig={"Delay": 1})
    return task["taskArn"], task["group"]


def refusal(call, **request):
    try:
        call(**request)
    except ClientError as error:
        return str(error)
    return "taken"


def wait_until_stable():
    ecs.get_waiter("services_stable").wait(cluster=CLUSTER, services=["jobmanager"], WaiterConfig={"Delay": 1})


def main():
    seen = {}
    (before,) = list_tasks(serviceName="jobmanager")
    (task,) = ecs.describe_tasks(cluster=CLUSTER, tasks=[before])["tasks"]
    seen["describe-tasks"] = {"address": address_of(task), "started": task["startedAt"].isoformat()}
    seen["list-services"] = sorted(arn.split("/")[-1] for arn in ecs.list_services(cluster=CLUSTER)["serviceArns"])

    own, group = run_task()
    seen["run-task"] = {"group": group, "listed": list_tasks(startedBy="operator") == [own]}
    stopping = ecs.stop_task(cluster=CLUSTER, task=own, reason="enough")["task"]
    ecs.get_waiter("tasks_stopped").wait(cluster=CLUSTER, tasks=[own], WaiterConfig={"Delay": 1})
    seen["stop-task"] = [stopping["desiredStatus"], stopping["stopCode"], stopping["stoppedReason"]]

    service = ecs.update_service(cluster=CLUSTER, service="jobmanager", forceNewDeployment=True)["service"]
    seen["update-service"] = [deployment["status"] for deployment in service["deployments"]]
    wait_until_stable()
    (after,) = list_tasks(serviceName="jobmanager")
    seen["replaced"] = after != before
    (service,) = ecs.describe_services(cluster=CLUSTER, services=["jobmanager"])["services"]
    seen["describe-services"] = {key: service[key] for key in ("status", "desiredCount", "runningCount", "pendingCount")}

    seen["refused"] = [
        refusal(ecs.list_tasks, cluster="nope"),
        refusal(ecs.update_service, cluster=CLUSTER, service="nope"),
        refusal(ecs.update_service, cluster=CLUSTER, service="jobmanager", taskDefinition="nope"),
        refusal(ecs.stop_task, cluster=CLUSTER, task="nope"),
        refusal(ecs.list_tasks, cluster=CLUSTER, nextToken="nope"),
    ]
    missing = ecs.describe_services(cluster=CLUSTER, services=["nope"])["failures"]
    seen["missing"] = [failure["reason"] for failure in missing]
    print(json.dumps(seen))


main()
