"""
Answers in the schemas of the TMS: every declared field, explicit nulls, nothing undeclared.

Functions take entities and return JSON objects; each names the schema that it fills.
"""

from phrase_provider.simulator.tms.serializers.analyses import analysis, analysis_item
from phrase_provider.simulator.tms.serializers.async_requests import (
    async_reference,
    async_request,
    async_request_v2,
)
from phrase_provider.simulator.tms.serializers.common import Json, user, workflow_step
from phrase_provider.simulator.tms.serializers.jobs import (
    created_job,
    job,
    job_item,
    job_parts,
    source_updated_job,
    status_change,
    target_updated_job,
)
from phrase_provider.simulator.tms.serializers.preview_packages import preview_package
from phrase_provider.simulator.tms.serializers.projects import (
    created_project,
    project,
    project_item,
    project_step,
    step_instance,
)
from phrase_provider.simulator.tms.serializers.segment_counts import segment_counts
from phrase_provider.simulator.tms.serializers.templates import template, template_item
from phrase_provider.simulator.tms.serializers.trans_memories import listed_trans_memory, trans_memory
from phrase_provider.simulator.tms.serializers.users import (
    email_template,
    listed_user,
    login_response,
    login_user,
    vendor,
)

__all__ = [
    "Json",
    "analysis",
    "analysis_item",
    "async_reference",
    "async_request",
    "async_request_v2",
    "created_job",
    "created_project",
    "email_template",
    "job",
    "job_item",
    "job_parts",
    "listed_trans_memory",
    "listed_user",
    "login_response",
    "login_user",
    "preview_package",
    "project",
    "project_item",
    "project_step",
    "segment_counts",
    "source_updated_job",
    "status_change",
    "step_instance",
    "target_updated_job",
    "template",
    "template_item",
    "trans_memory",
    "user",
    "vendor",
    "workflow_step",
]
