"""The settings of the adapter, the table `[adapters.http]`."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

UserPath = Annotated[Path, AfterValidator(Path.expanduser)]


class HttpSettings(BaseModel):
    """Where to listen, under which names, and how much one request may bring.

    Beyond this machine it listens only with TLS, or where `behind_proxy` says that a proxy in front has it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8765, ge=0, le=65535)
    names: tuple[str, ...] = ()
    tls_certificate: UserPath | None = None
    tls_key: UserPath | None = None
    behind_proxy: bool = False
    session_hours: float = Field(default=24 * 14, gt=0)
    max_request_megabytes: int = Field(default=500, ge=1)
    write_seconds: float = Field(default=60, ge=0)
    read_seconds: float = Field(default=60, ge=0)

    @property
    def is_local(self) -> bool:
        """Whether only this machine can connect."""
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def has_tls(self) -> bool:
        """Whether the connection itself is encrypted."""
        return self.tls_certificate is not None

    @property
    def is_secure(self) -> bool:
        """Whether browsers come by https."""
        return self.has_tls or self.behind_proxy

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key belong together: set both, or none")
        if not self.is_local and not self.is_secure:
            raise ValueError(
                f"{self.host} can be reached from other machines: set tls_certificate and tls_key, or behind_proxy = "
                'true where a proxy in front has the certificate; or listen at host = "127.0.0.1"'
            )
        return self
