"""What models look things up in: tables, caches, streams, vector stores and search are paid by what uses them."""

import pytest

from mlcost_assets_tests.attribution.scenarios import Paid, billed, given
from mlcost_assets_tests.exports import ACCOUNT
from mlcost_assets_tests.world import record

R = f"us-east-1:{ACCOUNT}"
USED = {
    f"arn:aws:es:{R}:domain/vec-4001": ("AmazonES", "ESInstance:r6g.large", "storage"),
    f"arn:aws:aoss:{R}:collection/c4001": ("AmazonES", "USE1-SearchOCU", "storage"),
    f"arn:aws:dynamodb:{R}:table/online-4001": ("AmazonDynamoDB", "ReadRequestUnits", "storage"),
    f"arn:aws:elasticache:{R}:cluster:warm-4001": ("AmazonElastiCache", "NodeUsage:cache.r6g.large", "storage"),
    f"arn:aws:kinesis:{R}:stream/clicks-4001": ("AmazonKinesis", "Storage-ShardHour", "data_preparation"),
    f"arn:aws:kafka:{R}:cluster/events-4001/1f2e": ("AmazonMSK", "USE1-Kafka.m5.large", "data_preparation"),
    f"arn:aws:kendra:{R}:index/0d9b4001": ("AmazonKendra", "USE1-KendraEnterpriseEdition", "inference"),
    f"arn:aws:qbusiness:{R}:application/77aa4001": ("AmazonQ", "USE1-QBusiness-Pro-User", "inference"),
}
DOMAIN, COLLECTION, TABLE, CACHE, STREAM, TOPICS, INDEX, ASSISTANT = USED

# A function of a model names each of them among its variables; another table has the name of one of its settings.
given(
    record("opensearch:DescribeDomain", DOMAIN, {"DomainStatus": {"DomainName": "vec-4001", "Endpoint": "vec-4001.us-east-1.es.amazonaws.com"}}),
    record("opensearchserverless:BatchGetCollection", COLLECTION, {"collectionDetails": [{"name": "rag-4001", "collectionEndpoint": "https://c4001.us-east-1.aoss.amazonaws.com"}]}),
    record("dynamodb:DescribeTable", TABLE, {"Table": {"TableName": "online-4001"}}),
    record("dynamodb:DescribeTable", f"arn:aws:dynamodb:{R}:table/nightly-4001", {"Table": {"TableName": "nightly-4001"}}),
    record("elasticache:DescribeCacheClusters", CACHE, {"CacheClusterId": "warm-4001", "ConfigurationEndpoint": {"Address": "warm-4001.1f2e.cfg.use1.cache.amazonaws.com"}}),
    record("kinesis:DescribeStreamSummary", STREAM, {"StreamDescriptionSummary": {"StreamName": "clicks-4001"}}),
    record("kafka:DescribeClusterV2", TOPICS, {"ClusterInfo": {"ClusterName": "events-4001"}, "BootstrapBrokers": {"Tls": "b-1.events-4001.c2.kafka.us-east-1.amazonaws.com:9094"}}),
    record("kendra:DescribeIndex", INDEX, {"Id": "0d9b4001", "Name": "handbook"}),
    record("qbusiness:GetApplication", ASSISTANT, {"applicationId": "77aa4001", "displayName": "assistant"}),
    record("lambda:GetFunction", f"arn:aws:lambda:{R}:function:fn-4001", {"Configuration": {"FunctionName": "fn-4001", "Environment": {"Variables": {
        "VECTORS": "https://vec-4001.us-east-1.es.amazonaws.com/passages", "RAG_HOST": "c4001.us-east-1.aoss.amazonaws.com", "FEATURE_TABLE": "online-4001",
        "REDIS": "redis://warm-4001.1f2e.cfg.use1.cache.amazonaws.com:6379/0", "CLICK_STREAM": "clicks-4001", "BROKERS": "b-1.events-4001.c2.kafka.us-east-1.amazonaws.com:9094",
        "KENDRA_INDEX_ID": "0d9b4001", "APP": "77aa4001", "SCHEDULE": "nightly-4001",
    }}}}, tags={"model": "lantern"}),
    billed=[
        *(billed(service, usage, resource, 4.0) for resource, (service, usage, _) in USED.items()),
        billed("AmazonDynamoDB", "ReadRequestUnits", f"arn:aws:dynamodb:{R}:table/nightly-4001", 4.0),
        billed("AWSLambda", "Lambda-GB-Second", f"arn:aws:lambda:{R}:function:fn-4001", 1.0),
    ],
)  # fmt: skip


@pytest.mark.parametrize("resource", USED)
def test_a_store_is_paid_by_the_model_whose_function_names_it(paid: Paid, resource: str) -> None:
    stage = USED[resource][2]
    assert paid(resource, "model, stage, is_ml") == {("lantern", stage, True): 4}


def test_a_word_that_is_a_tables_name_by_chance_makes_nobody_pay(paid: Paid) -> None:
    assert paid("table/nightly-4001", "model, is_ml") == {(None, False): 4}


# OpenSearch writes the domain's name into its host, so that nobody needs to have looked at the domain.
given(
    record("lambda:GetFunction", f"arn:aws:lambda:{R}:function:fn-4002", {"Configuration": {"FunctionName": "fn-4002", "Environment": {"Variables": {
        "OPENSEARCH_HOST": "vpc-unseen-4002-7kq2m5x1c9vb7ab3dkq2.us-east-1.es.amazonaws.com", "RAG": "https://u4002.us-east-1.aoss.amazonaws.com",
    }}}}, tags={"model": "lantern"}),
    billed=[
        billed("AmazonES", "ESInstance:r6g.large", f"arn:aws:es:{R}:domain/unseen-4002", 4.0),
        billed("AmazonES", "USE1-SearchOCU", f"arn:aws:aoss:{R}:collection/u4002", 4.0),
    ],
)  # fmt: skip


@pytest.mark.parametrize("resource", ["domain/unseen-4002", "collection/u4002"])
def test_a_vector_store_that_only_the_bill_knows_is_known_by_its_host(paid: Paid, resource: str) -> None:
    assert paid(resource, "model, is_ml") == {("lantern", True): 4}
