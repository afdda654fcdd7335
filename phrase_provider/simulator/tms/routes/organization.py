"""The organization: users, vendors and email templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field
from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator.core.enums import CaseInsensitiveEnum
from phrase_provider.simulator.core.errors import not_found
from phrase_provider.simulator.tms import serializers
from phrase_provider.simulator.tms.http.context import state_of
from phrase_provider.simulator.tms.http.filters import contains
from phrase_provider.simulator.tms.http.paging import PageQuery, page, read_query

if TYPE_CHECKING:
    from starlette.requests import Request

    from phrase_provider.simulator.tms.entities import User, Vendor
    from phrase_provider.simulator.tms.state import State


class Role(CaseInsensitiveEnum):
    """Roles of users (schema ``RoleEnum35eaaba5``)."""

    ADMIN = "ADMIN"
    GUEST = "GUEST"
    LINGUIST = "LINGUIST"
    PORTAL_MEMBER = "PORTAL_MEMBER"
    PROJECT_MANAGER = "PROJECT_MANAGER"
    SUBMITTER = "SUBMITTER"


class UserQuery(PageQuery):
    """Query of :func:`list_users`: names and addresses by their beginnings."""

    first_name: str = ""
    last_name: str = ""
    name: str = ""
    email: str = ""
    name_or_email: str = ""
    user_name: str = ""
    role: list[Role] = Field(default_factory=list)
    include_deleted: bool = False


class VendorQuery(PageQuery):
    """Query of :func:`list_vendors`."""

    name: str | None = None


class EmailTemplateQuery(PageQuery):
    """Query of :func:`list_email_templates`."""

    type: str | None = None


def _matches(user: User, query: UserQuery) -> bool:
    names = (user.first_name, user.last_name)
    return (
        _begins(query.first_name, user.first_name)
        and _begins(query.last_name, user.last_name)
        and _begins(query.name, *names)
        and _begins(query.email, user.email)
        and _begins(query.name_or_email, *names, user.email)
        and _begins(query.user_name, user.user_name)
        and (not query.role or user.role in query.role)
    )


def _begins(wanted: str, *texts: str) -> bool:
    return any(text.casefold().startswith(wanted.casefold()) for text in texts)


async def list_users(request: Request) -> JSONResponse:
    """Handle ``GET /api2/v1/users``, by id; ``sort`` and ``order`` have no effect, nobody is deleted."""
    state, query = state_of(request), read_query(request, UserQuery)
    found = [user for user in state.users.values() if _matches(user, query)]
    created = _founded(state)
    return await page(state, query, found, lambda user: serializers.listed_user(user, state.user, created))


async def list_vendors(request: Request) -> JSONResponse:
    """Handle ``GET /api2/v1/vendors``; ``name`` finds parts of names."""
    state, query = state_of(request), read_query(request, VendorQuery)
    found = [vendor for vendor in state.vendors.values() if contains(vendor.name, query.name)]
    return await page(state, query, found, lambda vendor: _vendor(state, vendor))


async def get_vendor(request: Request) -> JSONResponse:
    """Handle ``GET /api2/v1/vendors/{vendorUid}``."""
    state, uid = state_of(request), request.path_params["vendorUid"]
    for vendor in state.vendors.values():
        if vendor.uid == uid:
            return JSONResponse(_vendor(state, vendor))
    raise not_found("Vendor", uid)


def _vendor(state: State, vendor: Vendor) -> serializers.Json:
    return serializers.vendor(vendor, state.user, _founded(state))


def _founded(state: State) -> float:
    """Return when users and vendors were added: before the first template (epoch seconds)."""
    return min(template.created for template in state.templates.values())


async def list_email_templates(request: Request) -> JSONResponse:
    """Handle ``GET /api2/v1/emailTemplates``."""
    state, query = state_of(request), read_query(request, EmailTemplateQuery)
    found = [mail for mail in state.email_templates.values() if _same(query.type, mail.type)]
    return await page(state, query, found, serializers.email_template)


def _same(wanted: str | None, found: str) -> bool:
    """Return whether two values of an enum are equal; ``None`` matches everything."""
    return wanted is None or wanted.casefold() == found.casefold()


routes = [
    Route("/api2/v1/users", list_users, methods=["GET"]),
    Route("/api2/v1/vendors", list_vendors, methods=["GET"]),
    Route("/api2/v1/vendors/{vendorUid}", get_vendor, methods=["GET"]),
    Route("/api2/v1/emailTemplates", list_email_templates, methods=["GET"]),
]
