"""The cache for rate limits: Redis, and PostgreSQL while Redis is away, so that a dead broker opens no door."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
TABLE = "core_cache"
TIME_OUTS = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}


class FallbackCache(BaseCache):
    """Each operation asks Redis first and the database table when Redis does not answer."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.redis = RedisCache(server, params | {"OPTIONS": TIME_OUTS})
        self.database = DatabaseCache(TABLE, {})

    def _either(self, operation: str, *args: Any, **kwargs: Any) -> Any:
        call: Callable[..., Any] = getattr(self.redis, operation)
        try:
            return call(*args, **kwargs)
        except (RedisError, OSError) as error:
            logger.warning("Cache falls back to the database: %s", error)
            return getattr(self.database, operation)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return self._either("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._either("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._either("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return self._either("touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self._either("delete", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> int:
        return self._either("incr", *args, **kwargs)

    def clear(self) -> None:
        self._either("clear")
