"""Telling people: failed ERROR checks and failed runs go to the receivers in mlcost.yaml.

Dagster's daemon tells through two run-status sensors. Without a daemon the command line tells the same; it tags its
runs, so that nobody is told twice.
"""

import dagster as dg

from mlcost_assets.automation import mail
from mlcost_assets.automation.unconfigured import skips_unconfigured
from mlcost_assets.automation.webhook import NotSentError, post
from mlcost_assets.config import Config, load_config
from mlcost_assets.config.settings import Alert
from mlcost_assets.text import clean, slack

TOLD_TAG = "mlcost/told"
_STARTED_BY_ITSELF = {"dagster/sensor_name", "dagster/schedule_name"}


def failed_checks(instance: dg.DagsterInstance, run_id: str) -> list[str]:
    """The ERROR checks that failed in a run, a line each."""
    records = instance.get_records_for_run(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION).records
    found = []
    for record in records:
        event = record.event_log_entry.dagster_event
        if event is None:
            continue
        check = event.asset_check_evaluation_data
        if not check.passed and check.severity == dg.AssetCheckSeverity.ERROR:
            found.append(f"{check.asset_key.to_user_string()} · {check.check_name}: {check.description}")
    return found


def tell(config: Config, lines: list[str]) -> list[str]:
    """Sends `lines` to every receiver; gives what could not be sent and why, never with a secret in it."""
    if not lines:
        return []
    text = "ML Cost Intel: " + ("\n• ".join(["", *lines]).strip() if len(lines) > 1 else lines[0])
    return [problem for alert in config.alerts if (problem := _send(alert, text))]


def _send(alert: Alert, text: str) -> str | None:
    try:
        if alert.slack:
            # Without Slack's own marks, links and calls: what is told holds names of others.
            post(alert.slack, {"text": slack(text), "mrkdwn": False, "parse": "none", "link_names": False})
        elif alert.webhook:
            post(alert.webhook, {"text": text})
        elif alert.sns:
            import boto3

            region = alert.sns.split(":")[3]
            boto3.client("sns", region_name=region).publish(
                TopicArn=alert.sns, Subject="ML Cost Intel", Message=clean(text)
            )
        elif alert.email:
            mail.send(alert.email, clean(text))
    except Exception as error:  # noqa: BLE001  an alert that cannot be sent must not fail the refresh
        kind = next(name for name in ("slack", "webhook", "sns", "email") if getattr(alert, name))
        # Only what we worded ourselves is sure to hold neither address nor password.
        why = str(error) if isinstance(error, NotSentError) else type(error).__name__
        return f"the {kind} alert could not be sent: {why}"
    return None


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    monitor_all_code_locations=True,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Tells the receivers in mlcost.yaml of ERROR checks that failed in a run that was published.",
)
@skips_unconfigured
def tell_failed_checks(context: dg.RunStatusSensorContext) -> dg.SkipReason | None:
    """Tells of the ERROR checks that failed in a run that otherwise succeeded, whoever launched it: it is published."""
    if TOLD_TAG not in context.dagster_run.tags:
        _log(context, tell(load_config(), failed_checks(context.instance, context.dagster_run.run_id)))
    return None


@dg.run_failure_sensor(
    monitor_all_code_locations=True,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Tells the receivers in mlcost.yaml of a run that failed and that nobody is looking at.",
)
@skips_unconfigured
def tell_failed_runs(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    """Tells of a scheduled run that failed; the version published before stays. Who launched one in the UI sees it."""
    tags = context.dagster_run.tags
    if TOLD_TAG not in tags and _STARTED_BY_ITSELF & tags.keys():
        run = context.dagster_run.run_id[:8]
        said = f"run {run} failed, the version published before stays: {context.failure_event.message}"
        _log(context, tell(load_config(), [said]))
    return None


def _log(context: dg.RunStatusSensorContext, problems: list[str]) -> None:
    for problem in problems:
        context.log.warning(problem)
