"""Work by hand: every month people experiment, tune, and start single jobs from notebooks."""

from datetime import datetime, timedelta

from mlcost_assets.demo.chance import Chance
from mlcost_assets.demo.organisation.models import Model
from mlcost_assets.demo.truth.clues import Clue, by_person, named, team_of
from mlcost_assets.demo.truth.owners import of_model
from mlcost_assets.demo.work.experiments import run_experiment
from mlcost_assets.demo.work.instances import modest_instance
from mlcost_assets.demo.work.jobs import ITSELF, Job, run_processing, run_training, sdk_stamp
from mlcost_assets.demo.work.studio import profile_arn
from mlcost_assets.demo.work.tuning import run_tuning
from mlcost_assets.demo.world.world import World

_FRAMEWORKS = ("pytorch-training", "xgboost", "sagemaker-scikit-learn", "huggingface-pytorch-training")


def work_by_hand(world: World) -> None:
    """Let the teams experiment: every model that is alive gets some attention every month."""
    for model in world.organisation.alive():
        chance = world.chance("experiments", model.name)
        for month, (start, _) in enumerate(world.window.months()):
            if chance.maybe(0.8):
                run_experiment(world, model, chance, start + timedelta(days=chance.randrange(1, 20)), month)
            if chance.maybe(0.5):
                run_tuning(world, model, chance, start + timedelta(days=chance.randrange(2, 24), hours=9))
            for _ in range(chance.randrange(1, 7)):
                day, hour, minute = chance.randrange(1, 27), chance.randrange(7, 19), chance.randrange(60)
                _run_job(world, model, chance, start + timedelta(days=day, hours=hour, minutes=minute))


def _run_job(world: World, model: Model, chance: Chance, start: datetime) -> None:
    """Run one training job from a notebook; its name is what the framework makes of it, or the model's."""
    # Some teams have moved their work by hand to the sandbox.
    playground = "sandbox" if world.chance("playground", model.team.name).maybe(0.4) else "ml-dev"
    account = world.organisation.account(playground)
    person = chance.one(model.team.members)
    framework = chance.one(_FRAMEWORKS)
    base = model.team.habit.resource(model.name, environment="dev") if chance.maybe(0.5) else framework
    from_studio = chance.maybe(0.6)
    profile = profile_arn(world, account, person)
    key = run_training(
        Job(
            world,
            chance,
            model,
            account,
            of_model(model, "dev", "training"),
            f"{base[:36]}-{sdk_stamp(start)}",
            start,
            chance.randrange(20, 400),
            modest_instance(model, chance),
            system={"sagemaker:user-profile-arn": profile} if from_studio else {},
            clues=[_user_clue(world, person, profile, start)] if from_studio else [],
        )
    )
    if from_studio:
        # Who works on a team's models is of the team.
        world.facts.add(team_of(person), (key,), (named(model.name), team_of(model.name)))
    if chance.maybe(0.4):
        before = start - timedelta(hours=2)
        name = f"{base[:30]}-prep-{sdk_stamp(before)}"
        owner = of_model(model, "dev", "data_preparation")
        minutes = chance.randrange(10, 90)
        run_processing(Job(world, chance, model, account, owner, name, before, minutes, "ml.m5.4xlarge"))


def _user_clue(world: World, person: str, profile: str, start: datetime) -> Clue:
    billed = world.tagger.is_active("sagemaker:user-profile-arn", start)
    needs = [] if billed else [ITSELF]
    return by_person(person, "SageMaker's tag names the user", *needs, f"sagemaker:DescribeUserProfile {profile}")
