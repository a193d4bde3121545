"""The commands of whoever keeps the grader: doctor, validate, mutants."""

from typing import TYPE_CHECKING

import click

from grader.cli.common import AssignmentName, json_option, print_json

if TYPE_CHECKING:
    from grader.assignment import Assignment


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Say how submissions are isolated on this machine, having tried each layer for real.

    \b
    Example:    grader doctor
    Exit code:  0 hidden checks are safe here, 1 they are not
    """
    from dataclasses import asdict

    from grader.doctor.examination import examine
    from grader.doctor.table import render_examination

    found = examine()
    if as_json:
        print_json({**asdict(found), "safe": found.safe})
    else:
        click.echo(render_examination(found, colour=True), nl=False)
    raise click.exceptions.Exit(0 if found.safe else 1)


@click.command("validate")
@click.argument("assignments", metavar="[NAME]...", nargs=-1, type=AssignmentName())
@click.option("--jobs", type=click.IntRange(min=1), help="Judges at work at the same time; all cores when left out.")
@click.option("--seed", type=int, help="Draw the cases from another seed.")
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="Grade N mistakes and N + 1 right ones.")
@click.option("--seeds", type=click.IntRange(min=1), metavar="N", help="Grade right code alone, with N seeds.")
@json_option
def validate_(
    assignments: tuple["Assignment", ...],
    jobs: int | None,
    seed: int | None,
    sample: int | None,
    seeds: int | None,
    as_json: bool,
) -> None:
    """Grade the banks: right code must get full marks, each known mistake lose its own points and be named.

    Right code never loses points and mistakes always do, at most 2 % of them elsewhere; at least 95 % are named.

    \b
    Example:    grader validate activations
                grader validate --seeds 200
    Exit code:  0 the checks keep this, 1 something to mend, 2 usage
    """
    import os
    from dataclasses import asdict

    from grader.assignment import available
    from grader.banks.seeds import validate_seeds
    from grader.banks.table import render_steadiness, render_validation
    from grader.banks.validation import validate

    chosen, jobs = assignments or available(), jobs or os.cpu_count() or 1
    if seeds:
        steady = []
        for found in validate_seeds(chosen, seeds, jobs, seed):
            steady.append(found)
            if not as_json:
                click.echo(render_steadiness(found), nl=False)
        if as_json:
            print_json([asdict(found) for found in steady])
        raise click.exceptions.Exit(1 if any(found.lost for found in steady) else 0)
    results = []
    for result in validate(chosen, jobs, seed, sample):
        results.append(result)
        click.echo(f"{result.assignment}: {'good' if result.good else 'something to mend'}", err=True)
    if as_json:
        print_json([asdict(result) for result in results])
    else:
        click.echo(render_validation(results), nl=False)
    raise click.exceptions.Exit(0 if all(result.good for result in results) else 1)


@click.command("mutants")
@click.argument("assignments", metavar="[NAME]...", nargs=-1, type=AssignmentName())
@click.option("--jobs", type=click.IntRange(min=1), help="Judges at work at the same time; all cores when left out.")
@click.option("--seed", type=int, help="Draw the cases from another seed.")
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="Grade only N mutants of each assignment.")
@click.option("-k", "keyword", metavar="TEXT", default="", help="Grade the mutants whose id contains TEXT.")
@json_option
def mutants_(
    assignments: tuple["Assignment", ...],
    jobs: int | None,
    seed: int | None,
    sample: int | None,
    keyword: str,
    as_json: bool,
) -> None:
    """Grade the checks: the reference with one small slip in it must lose points, at least 97 % of the time.

    Slips that change nothing which a check may judge are listed with the reason in the assignment's equivalent.toml.

    \b
    Example:    grader mutants activations
    Exit code:  0 enough slips lose points, 1 something to mend, 2 usage
    """
    import os
    from dataclasses import asdict

    from grader.assignment import available
    from grader.mutation.grading import grade_mutants
    from grader.mutation.table import render_mutants

    results = []
    for result in grade_mutants(assignments or available(), jobs or os.cpu_count() or 1, seed, sample, keyword):
        results.append(result)
        click.echo(f"{result.assignment}: {'enough' if result.enough else 'something to mend'}", err=True)
    if as_json:
        print_json([asdict(result) for result in results])
    else:
        click.echo(render_mutants(results), nl=False)
    raise click.exceptions.Exit(0 if all(result.enough for result in results) else 1)
