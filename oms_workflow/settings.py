"""Everything that can be configured, in one place: environment variables `OMS_...` or a file `oms.toml`, with defaults
that make a laptop work without any. Reading only; nothing is started from here."""

from __future__ import annotations

import base64
import binascii
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

Names = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """One value per line of `oms doctor`."""

    model_config = SettingsConfigDict(
        env_prefix="OMS_", env_ignore_empty=True, toml_file="oms.toml", extra="forbid", frozen=True
    )

    activities: Names = Field(("activities",), description="Packages whose activities diagrams may ask for, by comma")
    workers: Names = Field(("workers",), description="Packages with worker specs, by comma")
    processes: Path | None = Field(None, description="Folder of diagrams; empty: those that come with the product")

    temporal: str = Field("", description="Address of a Temporal cluster, host:port; empty: an own server is started")
    namespace: str = Field("default", description="Temporal namespace")
    temporal_api_key: SecretStr = Field(SecretStr(""), description="API key for Temporal Cloud; turns TLS on")
    temporal_tls: bool = Field(False, description="Encrypt the connection to Temporal")

    timelapse: bool = Field(False, description="Skip waiting times of orders on that cluster; its flag must be on")

    home: Path = Field(Path("var"), description="Folder for what an own server and the default databases keep")
    database: SecretStr = Field(SecretStr(""), description="SQLAlchemy URL; empty: a SQLite file in `home`")
    vault_key: SecretStr = Field(SecretStr(""), description="Secret for digests of personal data; never change it")
    world_database: SecretStr = Field(SecretStr(""), description="The simulated world's database; empty: a SQLite file")
    world_script: Path | None = Field(None, description="Script of the simulated world; empty: everything works")
    world_seed: int = Field(7, description="Seed of the simulated world's latencies")

    payload_keys: SecretStr = Field(
        SecretStr(""),
        description="Keys that encrypt what Temporal stores: id:base64 of 32 bytes, by comma, first one encrypts",
    )
    language: str = Field("", description="en or zh; empty: as the terminal's LANG says")
    log_level: str = Field("info", description="debug, info, warning or error")
    log_json: bool = Field(False, description="One JSON object per log line, for machines")

    @field_validator("activities", "workers", mode="before")
    @classmethod
    def _by_comma(cls, value: object) -> object:
        return tuple(name.strip() for name in value.split(",") if name.strip()) if isinstance(value, str) else value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments go before the environment, the environment before the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def database_url(self) -> str:
        """SQLAlchemy URL of the shop's database."""
        return self.database.get_secret_value() or f"sqlite:///{(self.home / 'oms.db').absolute()}"

    @property
    def world_url(self) -> str:
        """SQLAlchemy URL of the simulated world's database."""
        return self.world_database.get_secret_value() or f"sqlite:///{(self.home / 'world.db').absolute()}"

    def keys(self) -> dict[str, bytes]:
        """Give the payload keys by id, the one that encrypts first; empty: nothing is encrypted.

        Raises:
            ValueError: When a key is not `id:base64` of 32 bytes; the key itself is not in the message.
        """
        found: dict[str, bytes] = {}
        for entry in self.payload_keys.get_secret_value().split(","):
            if not entry.strip():
                continue
            key_id, _, text = entry.strip().partition(":")
            try:
                key = base64.b64decode(text, validate=True)
            except binascii.Error:
                key = b""
            if not key_id or len(key) != 32:
                raise ValueError(f"OMS_PAYLOAD_KEYS: entry {key_id!r} must be 'id:' and 32 bytes in base64")
            found[key_id] = key
        return found


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Give the settings of this process, read once.

    Raises:
        pydantic.ValidationError: When a value is not what its field takes.
    """
    return Settings()
