-- What one stack of CloudFormation (CDK, SAM, SST, Amplify) deployed was written together. CloudFormation tags what it
-- makes with the stack's name.
SELECT resource_key AS id, region, account_id, valid_from, valid_to, tags_source AS source, 'in_stack' AS relation,
    stack_key(account_id, tags['aws:cloudformation:stack-name']) AS target, NULL AS detail
FROM resource_history
WHERE tags['aws:cloudformation:stack-name'] IS NOT NULL
