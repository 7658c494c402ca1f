"""Files in a local folder or under an S3 prefix, through one small set of verbs.

`open_store(location)` gives a `LocalStore` or an `S3Store`; keys are relative to the location and use `/`.
Credentials, region and endpoint of S3 come from the standard AWS environment.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path
from typing import Any, Protocol

from mlcost_assets.errors import LakeConflictError, StorageError


@dataclass(frozen=True)
class Object:
    """One file: its key below the store's root, and what tells its content from another."""

    key: str
    size: int
    etag: str
    modified: datetime


class Store(Protocol):
    """What both kinds of location can do."""

    location: str

    def list(self, prefix: str = "") -> Iterator[Object]:
        """Every object whose key starts with `prefix`, in key order."""

    def stat(self, key: str) -> Object | None:
        """The object, or None where there is none."""

    def read(self, key: str) -> bytes:
        """The whole content. Raises StorageError."""

    def open(self, key: str) -> BufferedReader:
        """The content as a stream. Raises StorageError."""

    def write(self, key: str, content: bytes, *, replaces: str | None = None) -> None:
        """Puts `content` at `key`, atomically. `replaces` is the ETag that must stand there now ('' for
        nothing); when another stands there, LakeConflictError is raised and nothing is written."""

    def delete(self, key: str) -> None:
        """Removes the object if it is there."""

    def uri(self, key: str) -> str:
        """The object as DuckDB opens it."""


def open_store(location: str) -> Store:
    """The store at a local folder or at s3://bucket/prefix."""
    return S3Store(location) if location.startswith("s3://") else LocalStore(location)


class LocalStore:
    """A folder. An ETag is made of size and modification time, as rsync and make do."""

    def __init__(self, location: str) -> None:
        self.location = location
        self._root = Path(location)

    def list(self, prefix: str = "") -> Iterator[Object]:
        """See Store. A key part of `prefix` is a folder's name or the beginning of one."""
        top = self._root / prefix.rpartition("/")[0]
        found = []
        for folder, _, names in os.walk(top, onerror=_unreadable):
            for name in names:
                key = (Path(folder) / name).relative_to(self._root).as_posix()
                if key.startswith(prefix) and (entry := self.stat(key)):
                    found.append(entry)
        yield from sorted(found, key=lambda entry: entry.key)

    def stat(self, key: str) -> Object | None:
        """See Store."""
        try:
            status = (self._root / key).stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise StorageError(f"{self.uri(key)} cannot be read: {error.strerror}") from None
        modified = datetime.fromtimestamp(status.st_mtime, UTC)
        return Object(key, status.st_size, f"{status.st_size:x}-{status.st_mtime_ns:x}", modified)

    def read(self, key: str) -> bytes:
        """See Store."""
        with self.open(key) as file:
            return file.read()

    def open(self, key: str) -> BufferedReader:
        """See Store."""
        try:
            return (self._root / key).open("rb")
        except OSError as error:
            raise StorageError(f"{self.uri(key)} cannot be read: {error.strerror}") from None

    def write(self, key: str, content: bytes, *, replaces: str | None = None) -> None:
        """See Store. Written beside the target and renamed over it, so that a crash leaves the old one."""
        target = self._root / key
        standing = self.stat(key)
        if replaces is not None and (standing.etag if standing else "") != replaces:
            raise LakeConflictError(f"{target} was replaced meanwhile")
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(0o644)
            Path(temporary).replace(target)
        except BaseException:
            with suppress(FileNotFoundError):
                Path(temporary).unlink()
            raise

    def delete(self, key: str) -> None:
        """See Store."""
        (self._root / key).unlink(missing_ok=True)

    def uri(self, key: str) -> str:
        """See Store."""
        return str(self._root / key)


def _unreadable(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise StorageError(f"{error.filename} cannot be listed: {error.strerror}")


class S3Store:
    """A prefix of a bucket."""

    def __init__(self, location: str) -> None:
        self.location = location.rstrip("/")
        self.bucket, _, self._prefix = self.location.removeprefix("s3://").partition("/")
        self._client = _s3_client()

    def list(self, prefix: str = "") -> Iterator[Object]:
        """See Store."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self._key(prefix))
        with self._reported(prefix):
            for page in pages:
                for entry in page.get("Contents", []):
                    key = entry["Key"].removeprefix(f"{self._prefix}/" if self._prefix else "")
                    yield Object(key, entry["Size"], entry["ETag"].strip('"'), entry["LastModified"])

    def stat(self, key: str) -> Object | None:
        """See Store."""
        with self._reported(key):
            try:
                head = self._client.head_object(Bucket=self.bucket, Key=self._key(key))
            except self._client.exceptions.ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                    return None
                raise
        return Object(key, head["ContentLength"], head["ETag"].strip('"'), head["LastModified"])

    def read(self, key: str) -> bytes:
        """See Store."""
        with self._reported(key), self.open(key) as body:
            return body.read()

    def open(self, key: str) -> BufferedReader:
        """See Store."""
        with self._reported(key):
            return BufferedReader(self._client.get_object(Bucket=self.bucket, Key=self._key(key))["Body"])

    def write(self, key: str, content: bytes, *, replaces: str | None = None) -> None:
        """See Store. S3's own conditional PUT decides between two writers."""
        condition: dict[str, str] = {}
        if replaces is not None:
            condition = {"IfMatch": replaces} if replaces else {"IfNoneMatch": "*"}
        with self._reported(key):
            try:
                self._client.put_object(Bucket=self.bucket, Key=self._key(key), Body=content, **condition)
            except self._client.exceptions.ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] in (409, 412):
                    raise LakeConflictError(f"{self.uri(key)} was replaced meanwhile") from None
                raise

    def delete(self, key: str) -> None:
        """See Store."""
        with self._reported(key):
            self._client.delete_object(Bucket=self.bucket, Key=self._key(key))

    def uri(self, key: str) -> str:
        """See Store."""
        return f"s3://{self.bucket}/{self._key(key)}"

    def _key(self, key: str) -> str:
        return f"{self._prefix}/{key}" if self._prefix else key

    def _reported(self, key: str) -> "_Reported":
        return _Reported(self.uri(key))


class _Reported:
    """Turns botocore's exceptions into one line that says what, where and how to mend."""

    def __init__(self, uri: str) -> None:
        self._uri = uri

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

        if isinstance(error, NoCredentialsError):
            mend = "Set AWS_PROFILE, or give this machine a role."
            raise StorageError(f"{self._uri}: no AWS credentials found. {mend}") from None
        if isinstance(error, ClientError):
            code = error.response.get("Error", {}).get("Code", "")
            raise StorageError(f"{self._uri}: {_MENDS.get(code, str(error))}") from None
        if isinstance(error, BotoCoreError):
            raise StorageError(f"{self._uri}: {error}") from None


_MENDS = {
    "403": "access denied. The role needs s3:GetObject and s3:ListBucket here.",
    "AccessDenied": "access denied. The role needs s3:GetObject and s3:ListBucket here.",
    "NoSuchBucket": "there is no such bucket. Check the uri in mlcost.yaml.",
    "NoSuchKey": "there is no such object.",
}


def _s3_client() -> Any:
    import boto3
    from botocore.config import Config

    return boto3.client("s3", config=Config(retries={"mode": "adaptive", "max_attempts": 6}))
