-- Commands that a person may paste: shown, never run. Names may hold anything, so they stand in JSON, where AWS's CLI
-- reads no file and no option from them and a control character is an escape, and the JSON in single quotes.
CREATE OR REPLACE TEMP MACRO shell_quoted(t) AS '''' || replace(t, '''', '''\''''') || '''';

CREATE OR REPLACE TEMP MACRO aws_command(operation, region, arguments) AS
    'aws ' || operation || coalesce(' --region=' || shell_quoted(nullif(region, '')), '')
        || ' --cli-input-json ' || shell_quoted(CAST(arguments AS VARCHAR));

-- An EventBridge schedule that calls an operation of AWS (universal targets). The role that may call it is the user's
-- own: a variable of the shell. The name is a digest, because names of schedules allow few characters.
CREATE OR REPLACE TEMP MACRO aws_schedule(operation, region, cron, arguments) AS
    'aws scheduler create-schedule' || coalesce(' --region=' || shell_quoted(nullif(region, '')), '')
        || ' --name mlcost-' || left(md5(operation || CAST(arguments AS VARCHAR)), 12)
        || ' --schedule-expression ' || shell_quoted('cron(' || cron || ')') || ' --flexible-time-window Mode=OFF'
        || ' --target ' || shell_quoted('{"Arn":"arn:' || partition_of(region) || ':scheduler:::aws-sdk:' || operation
            || '","RoleArn":"') || '"$SCHEDULER_ROLE_ARN"' || shell_quoted('","Input":'
            || CAST(to_json(CAST(arguments AS VARCHAR)) AS VARCHAR) || '}');
