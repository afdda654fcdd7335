"""One file through Phrase TMS, from upload to `DELIVERED`: the smallest useful DAG."""

from airflow.sdk import DAG

from phrase_provider.operators.tms.exports import PhraseTmsExportTargetFileOperator
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator, PhraseTmsSetJobStatusOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator
from phrase_provider.operators.tms.providers import PhraseTmsAssignProvidersOperator
from phrase_provider.sensors.tms.jobs import PhraseTmsJobStatusSensor

with DAG("phrase_tms_quickstart", schedule=None, default_args={"retries": 3}):
    project = PhraseTmsCreateProjectFromTemplateOperator(
        task_id="create_project", template="Translation", batch_id="handbook-2026-11", target_langs="de"
    )
    project_uid = project.output["project_uid"]
    jobs = PhraseTmsCreateJobsOperator(
        task_id="create_jobs", project_uid=project_uid, source="/data/in/handbook.md", target_langs="de"
    )
    job_uid = "{{ ti.xcom_pull('create_jobs')[0]['job_uid'] }}"
    assigned = PhraseTmsAssignProvidersOperator(
        task_id="assign_providers", project_uid=project_uid, job_uids=job_uid, deferrable=True
    )
    translated = PhraseTmsJobStatusSensor(
        task_id="translated", project_uid=project_uid, job_uids=job_uid, status="COMPLETED", deferrable=True
    )
    exported = PhraseTmsExportTargetFileOperator(
        task_id="exported", project_uid=project_uid, job_uid=job_uid, target_path="/data/out/handbook.de.md"
    )
    delivered = PhraseTmsSetJobStatusOperator(
        task_id="delivered", project_uid=project_uid, job_uids=job_uid, status="DELIVERED"
    )
    jobs >> assigned >> translated >> exported >> delivered
