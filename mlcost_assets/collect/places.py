"""An account and a region, and read-only clients for them."""

import threading
from collections import Counter
from dataclasses import dataclass
from typing import Any

import botocore.session
from botocore.config import Config as ClientConfig
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.exceptions import BotoCoreError, ClientError

from mlcost_assets.config.settings import Account
from mlcost_assets.errors import MlcostError

_SESSION_NAME = "mlcost-collect"
_DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "403"}
_MEND = "let the role do this (deploy/iam/collector-policy.json)"


class NotReadOnlyError(MlcostError):
    """A call was about to be made that the published policy does not name: a fault of this program."""


class AccountSession:
    """Credentials and clients for one account; `calls` counts what was asked, by `service:Operation`.

    `allowed` are the operations that the published policy covers; any other is refused before it leaves.
    """

    def __init__(self, account: Account, allowed: frozenset[str]) -> None:
        self.account = account
        self.calls: Counter[str] = Counter()
        self._allowed = allowed
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str], Any] = {}
        self._session = botocore.session.get_session()
        if account.role_arn:
            self._session = _assuming(self._session, account)
        self._session.register("before-parameter-build", self._admit)

    def client(self, service: str, region: str) -> Any:
        """The client of a service in a region: adaptive retries, made once."""
        with self._lock:
            key = (service, region)
            if key not in self._clients:
                config = ClientConfig(
                    retries={"mode": "adaptive", "max_attempts": 10},
                    max_pool_connections=32,
                    connect_timeout=10,
                    read_timeout=60,
                )
                self._clients[key] = self._session.create_client(service, region_name=region, config=config)
            return self._clients[key]

    @property
    def credentials(self) -> Any:
        """What signs requests that no client makes: to Kubernetes and to SageMaker's MLflow."""
        return self._session.get_credentials()

    def verify(self) -> None:
        """Raises MlcostError when the role cannot be assumed, or the credentials are another account's."""
        account = self.account.account_id
        try:
            identity = self.client("sts", self.account.regions[0]).get_caller_identity()
        except (ClientError, BotoCoreError) as error:
            raise MlcostError(f"account {account}: {problem(error)}") from None
        if identity["Account"] != account:
            raise MlcostError(
                f"account {account}: the credentials are of account {identity['Account']};"
                " give it a role_arn in metadata.accounts"
            )

    @property
    def partition(self) -> str:
        """The partition of its regions, aws or aws-cn."""
        return str(self._session.get_partition_for_region(self.account.regions[0]))

    def is_offered(self, service: str, region: str) -> bool:
        """Whether botocore knows of the service in the region; it may be behind."""
        known = self._session.get_available_regions(service, self._session.get_partition_for_region(region))
        return not known or region in known

    def _admit(self, model: Any, **_: Any) -> None:
        operation = f"{model.service_model.service_name}:{model.name}"
        if operation not in self._allowed:
            raise NotReadOnlyError(f"{operation} is not in the collector's policy and was not called")
        self.calls[operation] += 1


@dataclass(frozen=True)
class Place:
    """Where something is collected: `region` is '' for what belongs to the account as a whole, asked in `ask_in`."""

    account_id: str
    region: str
    session: AccountSession
    ask_in: str

    @property
    def partition(self) -> str:
        """The partition of its ARNs."""
        return self.session.partition


def _assuming(source: Any, account: Account) -> Any:
    """A session whose credentials are those of the account's role, renewed by themselves."""
    arguments = {"RoleSessionName": _SESSION_NAME}
    if account.external_id:
        arguments["ExternalId"] = account.external_id
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=source.create_client,
        source_credentials=source.get_credentials(),
        role_arn=account.role_arn,
        extra_args=arguments,
    )
    session = botocore.session.get_session()
    session._credentials = DeferredRefreshableCredentials(method="assume-role", refresh_using=fetcher.fetch_credentials)
    return session


def problem(error: Exception) -> str:
    """An API's error in one line, with how to mend it where that is known."""
    if isinstance(error, ClientError):
        code = error.response.get("Error", {}).get("Code", "")
        if code in _DENIED:
            return f"{error.operation_name} is denied: {_MEND}"
        return f"{error.operation_name} failed with {code}: {error.response.get('Error', {}).get('Message', '')}"
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]
