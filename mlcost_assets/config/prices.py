"""What mlcost.yaml says of prices that the bill does not tell."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PlanRate(_Section):
    """What AWS offers for a SageMaker savings plan of one term and payment, as a part of the price on demand."""

    term_years: Literal[1, 3]
    payment_option: Literal["No Upfront", "Partial Upfront", "All Upfront"]
    discount: Annotated[Decimal, Field(gt=0, lt=1, decimal_places=10)]


class Commitments(_Section):
    """Discounts of savings plans that neither the bill nor a price list tells."""

    rates: list[PlanRate] = []

    @model_validator(mode="after")
    def _plans_are_unique(self) -> "Commitments":
        plans = [f"{rate.term_years} year {rate.payment_option}" for rate in self.rates]
        twice = next((plan for plan in plans if plans.count(plan) > 1), None)
        if twice:
            raise ValueError(f"{twice} is listed twice")
        return self


class Prices(_Section):
    """Where `mlcost prices refresh` reads AWS's price lists, over HTTPS only, and how long one file may take."""

    url: Annotated[str, Field(pattern=r"^https://[^\s/?#@]+(/[^\s?#]*)?$")] = "https://pricing.us-east-1.amazonaws.com"
    file_seconds: Annotated[int, Field(ge=1, le=86_400)] = 900
