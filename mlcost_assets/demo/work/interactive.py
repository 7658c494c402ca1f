"""Interactive work: every team has Studio and notebook instances in the development account."""

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.clock import iso
from mlcost_assets.demo.money.meters import daily, ml_hours, stored
from mlcost_assets.demo.money.products import SAGEMAKER_STORAGE
from mlcost_assets.demo.organisation.accounts import Account
from mlcost_assets.demo.organisation.teams import Team
from mlcost_assets.demo.truth.clues import by_person, by_team
from mlcost_assets.demo.truth.owners import of_team
from mlcost_assets.demo.work.studio import INTERACTIVE, add_user, open_domain, open_lab
from mlcost_assets.demo.world.world import World

NOTEBOOKS = ("ml.t3.medium", "ml.m5.xlarge", "ml.g4dn.xlarge", "ml.t3.large")
NOTEBOOK_STORAGE = daily(
    SAGEMAKER_STORAGE,
    "Notebk:VolumeUsage.gp2",
    "CreateVolume-Gp2",
    "0.14",
    "GB-Mo",
    "$0.14 per GB-Mo of notebook storage",
)


def work_interactively(world: World) -> None:
    """Give every team notebooks and Studio."""
    account = world.organisation.ml_account("dev")
    open_domain(world, account)
    for team in world.organisation.teams:
        chance = world.chance("studio", team.name)
        for person in team.members:
            add_user(world, account, team, person)
            if chance.maybe(0.75):
                open_lab(world, account, team, person, chance)
        for _ in range(chance.randrange(0, 3)):
            _keep_notebook(world, account, team, chance)


def _keep_notebook(world: World, account: Account, team: Team, chance: Chance) -> None:
    """Keep a notebook instance that nobody stops at night."""
    person = chance.one(team.members)
    first_name = person.split("-")[0]
    word = chance.one((f"{person}-nb", f"{team.name}-notebook", f"nb-{chance.code(5)}", f"{first_name}-gpu-box"))
    name = f"{word}-{chance.code(3)}"
    instance = chance.one(NOTEBOOKS)
    arn = world.arn("sagemaker", account, world.home, f"notebook-instance/{name}")
    owner = of_team(team, "dev", "experimentation")
    start = world.window.at(chance.uniform(0, 0.4)) if chance.maybe(0.4) else world.window.start
    body = {
        "NotebookInstanceArn": arn,
        "NotebookInstanceName": name,
        "NotebookInstanceStatus": "InService",
        "InstanceType": instance,
        "RoleArn": world.role(team, account),
        "CreationTime": iso(start),
        "LastModifiedTime": iso(start),
        "VolumeSizeInGB": 50,
        "DefaultCodeRepository": f"https://github.com/{world.organisation.company}/{team.name}-models",
    }
    tags = world.tags(arn, owner)
    notebook = world.create(
        "sagemaker:DescribeNotebookInstance", arn, account, world.home, owner, body, created=start, tags=tags
    )
    clues = (
        INTERACTIVE,
        *world.role_clues(team, "", notebook.key),
        by_team("code repository of the notebook", notebook.key),
    )
    if person in name:
        clues += (by_person(person, "user in the name of the notebook"),)
    world.bill(notebook, ml_hours("Notebk:", instance, world.home, "Notebook"), 1, start, clues=clues)
    world.bill(notebook, NOTEBOOK_STORAGE, stored(50), start, clues=clues)
