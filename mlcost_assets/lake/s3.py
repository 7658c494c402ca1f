"""Objects under a prefix of an S3 bucket: the other kind of store, and what its errors mean."""

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from io import BufferedReader
from typing import Any

from mlcost_assets.config.locations import OWN_FOLDER
from mlcost_assets.errors import LakeConflictError, StorageError
from mlcost_assets.lake.objects import Object


class S3Store:
    """A prefix of a bucket."""

    bucket: str | None

    def __init__(self, location: str) -> None:
        self.location = location.rstrip("/")
        self.bucket, _, self._prefix = self.location.removeprefix("s3://").partition("/")
        self._client = s3_client()

    def list(self, prefix: str = "") -> Iterator[Object]:
        """See Store."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self._key(prefix))
        with _reported(self.uri(prefix)):
            for page in pages:
                found = map(self._object, page.get("Contents", []))
                yield from (entry for entry in found if OWN_FOLDER not in entry.key.split("/"))

    def look(self, folder: str = "") -> tuple[Sequence[str], Sequence[Object]]:
        """See Store."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=self._key(folder), Delimiter="/"
        )
        folders: list[str] = []
        objects: list[Object] = []
        with _reported(self.uri(folder)):
            for page in pages:
                folders += [self._own(entry["Prefix"]) for entry in page.get("CommonPrefixes", [])]
                objects += [self._object(entry) for entry in page.get("Contents", [])]
        return [one for one in folders if OWN_FOLDER not in one.split("/")], objects

    def stat(self, key: str) -> Object | None:
        """See Store."""
        with _reported(self.uri(key)):
            try:
                head = self._client.head_object(Bucket=self.bucket, Key=self._key(key))
            except self._client.exceptions.ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                    return None
                raise
        return Object(key, head["ContentLength"], head["ETag"].strip('"'), head["LastModified"])

    def read(self, key: str) -> bytes:
        """See Store."""
        with self.open(key) as body:
            return body.read()

    @contextmanager
    def open(self, key: str) -> Iterator[BufferedReader]:
        """See Store."""
        with _reported(self.uri(key)):
            body = self._client.get_object(Bucket=self.bucket, Key=self._key(key))["Body"]
            with closing(body):
                yield BufferedReader(body)

    def write(self, key: str, content: bytes, *, replaces: str | None = None) -> None:
        """See Store. S3's own conditional PUT decides between two writers."""
        condition: dict[str, str] = {}
        if replaces is not None:
            condition = {"IfMatch": replaces} if replaces else {"IfNoneMatch": "*"}
        with _reported(self.uri(key)):
            try:
                self._client.put_object(Bucket=self.bucket, Key=self._key(key), Body=content, **condition)
            except self._client.exceptions.ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] in (409, 412):
                    raise LakeConflictError(f"{self.uri(key)} was replaced meanwhile") from None
                raise

    def delete(self, key: str) -> None:
        """See Store."""
        with _reported(self.uri(key)):
            self._client.delete_object(Bucket=self.bucket, Key=self._key(key))

    def uri(self, key: str) -> str:
        """See Store."""
        return f"s3://{self.bucket}/{self._key(key)}"

    def _key(self, key: str) -> str:
        return f"{self._prefix}/{key}" if self._prefix else key

    def _own(self, key: str) -> str:
        return key.removeprefix(f"{self._prefix}/" if self._prefix else "")

    def _object(self, entry: dict[str, Any]) -> Object:
        return Object(self._own(entry["Key"]), entry["Size"], entry["ETag"].strip('"'), entry["LastModified"])


@contextmanager
def _reported(uri: str) -> Iterator[None]:
    """Turns botocore's exceptions into one line that says what, where and how to mend."""
    from botocore import exceptions as aws

    try:
        yield
    except aws.NoCredentialsError:
        raise StorageError(f"{uri}: no AWS credentials found. Set AWS_PROFILE, or give this machine a role.") from None
    except aws.ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        raise StorageError(f"{uri}: {s3_mend(code) or error}") from None
    except (aws.ConnectTimeoutError, aws.ReadTimeoutError, aws.EndpointConnectionError):
        raise StorageError(f"{uri}: no answer from S3. Check the network and AWS_ENDPOINT_URL.") from None
    except (aws.IncompleteReadError, aws.ResponseStreamingError):
        raise StorageError(f"{uri}: S3 broke off in the middle. The next refresh tries again.") from None
    except aws.BotoCoreError as error:
        raise StorageError(f"{uri}: {error}") from None


def s3_mend(code: str) -> str | None:
    """What S3's error `code` (or the HTTP status of an answer without one) means, and how to mend it."""
    return next((meaning for codes, meaning in _MEANINGS.items() if code in codes), None)


_MEANINGS = {
    ("403", "AccessDenied"): "access denied. The role needs s3:GetObject and s3:ListBucket here.",
    ("NoSuchBucket",): "there is no such bucket. Check the uri in mlcost.yaml.",
    ("404", "NoSuchKey"): "there is no such object.",
    (
        "ExpiredToken",
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "400",
    ): "the AWS credentials are not valid (any more).",
    ("InvalidObjectState",): "the object is archived. Restore it from Glacier.",
    ("429", "500", "502", "503", "504", "InternalError", "ServiceUnavailable", "SlowDown"): (
        "S3 is too busy to answer, however often it was asked. The next refresh tries again."
    ),
}


# Seconds without an answer after which a request is given up and tried again.
READ_TIMEOUT = 30


def attempts() -> int:
    """How often a request is tried: AWS_MAX_ATTEMPTS of the standard environment."""
    return int(os.environ.get("AWS_MAX_ATTEMPTS", "6"))


def s3_client() -> Any:
    """A client that gives up within minutes whatever happens, and tries again what may pass."""
    import boto3
    from botocore.config import Config

    retries = {"mode": "adaptive", "total_max_attempts": attempts()}
    return boto3.client("s3", config=Config(retries=retries, connect_timeout=10, read_timeout=READ_TIMEOUT))


def bucket_region(client: Any, bucket: str) -> str:
    """The region in which `bucket` lies, which may be another than the configured one."""
    from botocore.exceptions import ClientError

    with _reported(f"s3://{bucket}"):
        try:
            answer = client.head_bucket(Bucket=bucket)
        except (
            ClientError
        ) as error:  # who may read objects may not be allowed to look at the bucket; it still says where
            answer = error.response
    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    return str(headers.get("x-amz-bucket-region") or client.meta.region_name)
