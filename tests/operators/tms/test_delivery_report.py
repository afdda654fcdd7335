from __future__ import annotations

import pytest
from task_runs import context

from phrase_provider.exceptions import PhraseNotDeliveredError
from phrase_provider.operators.tms.delivery_report import PhraseTmsDeliveryReportOperator
from phrase_provider.operators.tms.jobs import PhraseTmsSetJobStatusOperator
from phrase_provider.services.tms.job_list import JobList


@pytest.fixture
def run(phrase):
    """A run of one file in two languages; gives the arguments of the report."""
    project_uid, uids = phrase.jobs("de", "pt_br")
    for uid in uids:
        phrase.simulator.job(uid, "complete")
    targets = {"de": "/out/de/a.md", "pt_br": "/out/pt-BR/a.md"}
    job = {"project_uid": project_uid, "source": "/in/a.md"}
    return {
        "plan": [{"path": "/in/a.md", "relative_path": "a.md", "targets": targets}],
        "jobs": [
            {**job, "job_uid": uid, "target_lang": lang} for uid, lang in zip(uids, targets, strict=True)
        ],
        "deliveries": [],
    }


def deliver(job):
    task = PhraseTmsSetJobStatusOperator(
        task_id="deliver", project_uid=job["project_uid"], job_uids=job["job_uid"]
    )
    return task.execute(context())


def summarize(run, told=None):
    return PhraseTmsDeliveryReportOperator(task_id="delivery_report", **run).execute(told or context())


def test_everything_is_delivered(run, capsys):
    told = context()
    run["deliveries"] = [deliver(job) for job in run["jobs"]]
    rows = summarize(run, told)
    assert [(row["source"], row["target_lang"], row["status"], row["target_path"]) for row in rows] == [
        ("a.md", "de", "DELIVERED", "/out/de/a.md"),
        ("a.md", "pt_br", "DELIVERED", "/out/pt-BR/a.md"),
    ]
    assert all(0 <= row["seconds"] < 60 for row in rows)
    assert "a.md -> /out/de/a.md" in capsys.readouterr().out


def test_jobs_may_be_given_as_the_path_of_a_list(run, tmp_path):
    location = f"{tmp_path}/jobs.jsonl"
    JobList(location).write([*run["jobs"], {**run["jobs"][0], "source": "/in/b.md", "job_uid": None}])
    project_uid = run["jobs"][0]["project_uid"]
    task = PhraseTmsSetJobStatusOperator(task_id="deliver", project_uid=project_uid, job_uids=location)
    run |= {"jobs": location, "deliveries": [task.execute(context())]}
    assert [row["status"] for row in summarize(run)] == ["DELIVERED"] * 2


def test_what_is_not_delivered_fails_the_run_and_is_named(phrase, run):
    told = context()
    run["deliveries"] = [deliver(run["jobs"][0]), None]
    phrase.simulator.job(run["jobs"][1]["job_uid"], "cancel")
    with pytest.raises(PhraseNotDeliveredError, match=r"1 of 2 .*a\.md \(pt_br\): CANCELLED") as caught:
        summarize(run, told)
    assert "(de)" not in str(caught.value)
    assert [row["status"] for row in told["ti"].xcoms["return_value"]] == ["DELIVERED", "CANCELLED"]


def test_file_without_jobs_is_named(run):
    run["plan"].append({"path": "/in/b.md", "relative_path": "b.md", "targets": {"de": "/out/de/b.md"}})
    run["deliveries"] = [deliver(job) for job in run["jobs"]]
    with pytest.raises(PhraseNotDeliveredError, match=r"1 of 3 .*b\.md \(de\): NOT CREATED"):
        summarize(run)


def test_job_delivered_by_somebody_else_has_no_target(run):
    deliver(run["jobs"][0])
    with pytest.raises(
        PhraseNotDeliveredError, match=r"2 of 2 .*\(de\): NOT WRITTEN; a\.md \(pt_br\): COMPLETED"
    ):
        summarize(run)


def test_deleted_job_is_gone(phrase, run):
    run["deliveries"] = [deliver(job) for job in run["jobs"]]
    phrase.delete_job(run["jobs"][0]["project_uid"], run["jobs"][0]["job_uid"])
    with pytest.raises(PhraseNotDeliveredError, match=r"1 of 2 .*a\.md \(de\): GONE"):
        summarize(run)


def test_jobs_of_a_deleted_project_are_gone(phrase, run):
    phrase.client.projects.delete(run["jobs"][0]["project_uid"])
    with pytest.raises(PhraseNotDeliveredError, match=r"2 of 2 .*\(de\): GONE; a\.md \(pt_br\): GONE"):
        summarize(run)


@pytest.mark.parametrize(("command", "status"), [("accept", "ACCEPTED"), ("reject", "REJECTED")])
def test_split_job_is_where_its_least_part_is(phrase, run, command, status):
    german = run["jobs"][0]
    run["deliveries"] = [deliver(job) for job in run["jobs"]]
    phrase.simulator.job(german["job_uid"], "split")
    parts = [part["uid"] for part in phrase.client.jobs.list(german["project_uid"], target_lang="de")]
    (other,) = set(parts) - {german["job_uid"]}
    phrase.simulator.job(other, command)
    with pytest.raises(PhraseNotDeliveredError, match=rf"1 of 2 .*\(de\): {status}"):
        summarize(run)


def test_rows_may_lie_in_lists_of_mapped_tasks(run):
    run["deliveries"] = [[deliver(job)] for job in run["jobs"]]
    run["jobs"] = [[job] for job in run["jobs"]] + [None]
    run["plan"] = [run["plan"]]
    assert [row["status"] for row in summarize(run)] == ["DELIVERED", "DELIVERED"]


@pytest.mark.parametrize("missing", [None, []])
def test_run_that_came_to_nothing_fails(phrase, missing):
    with pytest.raises(PhraseNotDeliveredError, match="There is no plan"):
        summarize(dict.fromkeys(("plan", "jobs", "deliveries"), missing))
    assert phrase.sent() == []


def test_job_that_is_there_twice_is_told(phrase, run, capsys):
    run["deliveries"] = [deliver(job) for job in run["jobs"]]
    project_uid, german = run["jobs"][0]["project_uid"], run["jobs"][0]["job_uid"]
    (again,) = phrase.upload(project_uid, langs=["de"])
    summarize(run)
    told = capsys.readouterr().out
    assert f"Job {again} (a.md, de) is a second upload of the file of job {german}" in told
    assert told.count("second upload") == 1


def test_split_job_and_failed_import_are_no_duplicates(phrase, run, capsys):
    run["deliveries"] = [deliver(job) for job in run["jobs"]]
    phrase.simulator.job(run["jobs"][1]["job_uid"], "split")
    (again,) = phrase.upload(run["jobs"][0]["project_uid"], langs=["de"])
    phrase.simulator.job(again, "fail-import")
    run["jobs"], run["plan"][0]["targets"] = run["jobs"][:1], {"de": "/out/de/a.md"}
    summarize(run)
    assert "second upload" not in capsys.readouterr().out


def test_project_that_is_there_twice_is_told(phrase, run, capsys):
    def project(note):
        return phrase.client.projects.create_from_template(
            phrase.template()["uid"], name="Web 42", target_langs=["de"], note=note
        )["uid"]

    marker = "[airflow-provider-phrase batch 0123456789abcdef01234567]"
    project_uid, other, _ = project(marker), project(f"Note\n{marker}"), project(marker.replace("0", "1"))
    uids = phrase.upload(project_uid, langs=["de"])
    phrase.import_files()
    phrase.simulator.job(uids[0], "complete")
    run["jobs"] = [run["jobs"][0] | {"project_uid": project_uid, "job_uid": uids[0]}]
    run["plan"][0]["targets"], run["deliveries"] = {"de": "/out/de/a.md"}, [deliver(run["jobs"][0])]
    summarize(run)
    told = capsys.readouterr().out
    assert f"Project {other} is of the same batch as {project_uid}" in told
    assert told.count("of the same batch as") == 1


@pytest.fixture
def broken(phrase, run):
    """A second file of the run, whose import has failed; the first one is delivered. Gives its row."""
    run["deliveries"] = [deliver(job) for job in run["jobs"]]
    row = run["jobs"][0] | {"source": "/in/b.md", "target_lang": "de"}
    (row["job_uid"],) = phrase.upload(row["project_uid"], "b.md")
    phrase.simulator.job(row["job_uid"], "fail-import")
    run["plan"].append({"path": "/in/b.md", "relative_path": "b.md", "targets": {"de": "/out/de/b.md"}})
    return row


def test_import_that_failed_is_called_that(phrase, run, broken):
    run["jobs"].append(broken)
    with pytest.raises(PhraseNotDeliveredError, match=r"1 of 3 .*b\.md \(de\): IMPORT FAILED"):
        summarize(run)


def test_earlier_version_that_was_never_imported_does_not_count(run, broken):
    with pytest.raises(PhraseNotDeliveredError, match=r"1 of 3 .*b\.md \(de\): NOT CREATED"):
        summarize(run)


def test_changed_file_with_an_earlier_translation_is_not_updated(phrase, run, capsys):
    told = context()
    german = run["jobs"][0]
    run["deliveries"] = [deliver(job) for job in run["jobs"]]
    # What is left when the task that creates the jobs has refused the file: no row, and no delivery.
    run |= {"project_uid": german["project_uid"], "jobs": run["jobs"][1:]}
    with pytest.raises(PhraseNotDeliveredError, match=r"1 of 2 .*\(de\): NOT UPDATED.*another batch id"):
        summarize(run, told)
    (row, _) = told["ti"].xcoms["return_value"]
    assert (row["status"], row["job_uid"]) == ("NOT UPDATED", german["job_uid"])
    assert f"/job/{german['job_uid']}/translate" in capsys.readouterr().out


def test_project_is_looked_into_though_no_file_has_a_job(run):
    run |= {"project_uid": run["jobs"][0]["project_uid"], "jobs": None}
    with pytest.raises(PhraseNotDeliveredError, match=r"2 of 2 .*\(de\): NOT UPDATED; .*: NOT UPDATED"):
        summarize(run)


def test_failures_come_first_with_links_and_languages_as_written(phrase, run, capsys):
    told, project_uid = context(), run["jobs"][0]["project_uid"]
    run |= {"deliveries": [deliver(run["jobs"][0])], "target_langs": "de, pt-BR"}
    phrase.simulator.job(run["jobs"][1]["job_uid"], "cancel")
    run["plan"].append({"path": "/in/b.md", "relative_path": "b.md", "targets": {"de": "/out/de/b.md"}})
    with pytest.raises(
        PhraseNotDeliveredError, match=r"a\.md \(pt-BR\): CANCELLED; b\.md \(de\): NOT CREATED"
    ):
        summarize(run, told)
    out = capsys.readouterr().out
    lines = out[out.index("Delivery report: ") :].splitlines()[:5]
    web = phrase.simulator.tms_url
    assert lines[0].startswith("Delivery report: 1 of 3 targets are delivered.")
    assert lines[1].startswith(f"Project: {web}/project2/show/{project_uid}")
    assert [line.split()[0] for line in lines[2:]] == ["CANCELLED", "NOT", "DELIVERED"]
    assert "pt-BR a.md -> /out/pt-BR/a.md" in lines[2]
    assert f"{web}/job/{run['jobs'][1]['job_uid']}/translate" in lines[2]
    assert told["ti"].xcoms["phrase_project_url"] == f"{web}/project2/show/{project_uid}"
    assert [row["language"] for row in told["ti"].xcoms["return_value"]] == ["de", "pt-BR", "de"]


def test_name_of_a_file_cannot_break_the_report(run, capsys):
    run["plan"][0]["relative_path"] = "a\nDELIVERED de b.md"
    with pytest.raises(PhraseNotDeliveredError) as caught:
        summarize(run)
    assert "\n" not in str(caught.value)
    assert "\nDELIVERED de b.md" not in capsys.readouterr().out
