"""AWS's price list files over HTTPS, without credentials: each in one piece, or an error of one line."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import urllib3

from mlcost_assets.errors import MlcostError, excerpt

_CHUNK = 1024**2
_SILENCE = 30  # seconds without a byte after which a connection is given up
_INDEX_BYTES = 64 * 1024**2
_STAYS = "The prices read before stay."


class PriceListError(MlcostError):
    """A price list file cannot be had or is none; the message says which, and how to mend it."""


class PriceSite:
    """The files below `url`, each of which may take `seconds`."""

    def __init__(self, url: str, seconds: int) -> None:
        self._url = url.rstrip("/")
        self._seconds = seconds
        self._session = requests.Session()
        self._session.auth = _nobody  # else requests would send what ~/.netrc has for the host

    def index(self, path: str) -> dict[str, Any]:
        """The JSON object at `path`. Raises PriceListError."""
        content = bytearray()
        for chunk in self._chunks(path):
            content += chunk
            if len(content) > _INDEX_BYTES:
                raise self.refused(path, f"is no index, it has more than {_INDEX_BYTES // 1024**2} MB")
        try:
            told = json.loads(content)
        except ValueError:
            raise self.refused(
                path, f"is no JSON, it begins with {excerpt(content[:60].decode(errors='replace'))!r}"
            ) from None
        if not isinstance(told, dict):
            raise self.refused(path, "is no index of price lists")
        return told

    def download(self, path: str, file: Path) -> None:
        """Writes what stands at `path` to `file`, piece by piece. Raises PriceListError."""
        with file.open("wb") as target:
            for chunk in self._chunks(path):
                target.write(chunk)

    def refused(self, path: str, why: str) -> PriceListError:
        """What is wrong with the file at `path`, as an error."""
        return PriceListError(f"{self._url}{path} {why}. Check prices.url in mlcost.yaml, or try again later. {_STAYS}")

    def _chunks(self, path: str) -> Iterator[bytes]:
        if not path.startswith("/") or path.startswith("//"):
            raise self.refused("/", f"names {excerpt(path)!r}, which is no path of its own")
        until = time.monotonic() + self._seconds
        with (
            self._told(path),
            self._session.get(
                self._url + path, stream=True, allow_redirects=False, timeout=(10, min(_SILENCE, self._seconds))
            ) as answer,
        ):
            if answer.status_code != requests.codes.ok:
                raise self.refused(path, f"answered with status {answer.status_code}")
            if "Content-Length" not in answer.headers and answer.headers.get("Transfer-Encoding") != "chunked":
                raise self.refused(path, "does not say how long it is, so that a part would look like all of it")
            # Gives what is there, however little: a server that sends drop by drop cannot hold the loop.
            while chunk := answer.raw.read1(_CHUNK, decode_content=True):
                if time.monotonic() > until:
                    raise self.refused(path, f"took longer than {self._seconds} seconds (prices.file_seconds)")
                yield chunk

    @contextmanager
    def _told(self, path: str) -> Iterator[None]:
        try:
            yield
        except (requests.Timeout, urllib3.exceptions.TimeoutError):
            raise self.refused(path, "did not answer in time") from None
        except requests.exceptions.SSLError as error:
            raise self.refused(path, f"has no certificate that can be trusted ({excerpt(error.args[0])})") from None
        except (requests.RequestException, urllib3.exceptions.ProtocolError) as error:
            ended = isinstance(error, urllib3.exceptions.ProtocolError)
            raise self.refused(path, "ended early" if ended else "cannot be reached") from None
        except urllib3.exceptions.HTTPError as error:
            raise self.refused(path, f"cannot be read ({excerpt(error)})") from None


def _nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
