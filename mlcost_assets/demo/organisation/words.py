"""The words from which organisations are made."""


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


COMPANIES = _listed(
    """
    acme aurora beacon cobalt delphi ember fathom granite harbor indigo juniper kestrel lumen meridian nimbus
    orchard pinnacle quarry riverstone sable tundra umbra vesper willow zephyr northwind bluefin copperleaf daybreak
    evergreen foxglove glasswing hollow ironwood larkspur
    """
)

SUBJECTS = _listed(
    """
    fraud churn credit click price demand inventory route eta image document invoice claim lead email search product
    review support voice speech toxicity face defect sensor energy delivery driver basket coupon loyalty basket-size
    warehouse supplier shelf menu recipe playlist video article headline bid auction audience creative campaign
    payment chargeback identity onboarding account-takeover merchant listing address geo traffic weather crop yield
    turbine battery pump valve vibration maintenance ticket call agent contract clause resume job-match skill course
    lesson question answer caption translation entity intent sentiment topic summary code commit incident alert
    anomaly log patient dosage radiology triage genome molecule protein portfolio trade position liquidity
    volatility mortgage default limit collections premium underwriting telematics repair parts fleet parcel dock
    return refund size-fit color style outfit visual-search seller buyer host guest booking room seat fare
    """
)

TASKS = _listed(
    """
    detection scoring forecast ranking recommender classifier matching segmentation ocr summarizer embedding
    assistant moderation prediction optimizer tagger extraction clustering retrieval reranker attribution uplift
    risk propensity similarity quality generator estimator router grouping
    """
)

TEAMS = _listed(
    """
    risk growth personalization discovery ads logistics supply pricing trust-safety vision language forecasting
    marketing-science credit claims marketplace payments catalog relevance fulfilment mobility customer-care
    compliance insights content media grid-analytics diagnostics quant underwriting conversational-ai
    geo-intelligence retention monetization safety-ml core-ml applied-science
    """
)

CODENAMES = _listed(
    """
    phoenix otter falcon nebula badger comet mantis osprey puffin quokka raven tapir walrus yak
    """
)

WEB_TEAMS = _listed(
    """
    storefront checkout web-platform mobile-backend cms identity-services back-office partner-portal
    """
)

BUSINESS_FUNCTIONS = _listed(
    """
    payments marketing supply-chain customer-care merchandising sales finance operations content insurance lending
    logistics product-experience healthcare manufacturing
    """
)

PROJECT_WORDS = _listed(
    """
    atlas bolt canopy drift echo flux glide helix iris jade kite lattice mosaic nova orbit prism quill ripple summit
    trident unity vertex wave zenith
    """
)

FIRST_NAMES = _listed(
    """
    ana ben carla dmitri elena farid grace hiro ines jonas kavya liam maria nils olga pavel quinn rosa sami tara
    umar vera wei ximena yusuf zoe aisha bruno chen dina emeka freya gopal hana ivan
    """
)

LAST_NAMES = _listed(
    """
    silva muller rossi ivanov kim nguyen patel garcia haddad larsen novak okafor tanaka weber young zhang costa
    dubois eriksen fischer gupta hansen ito jansen kovacs lopez martin nakamura ortiz petrov
    """
)

# Agents are called after what they do for people, not after a model.
AGENTS = _listed("concierge helpdesk copilot scribe clerk librarian dispatcher stylist tutor")

# The default organisation: chosen, so that screenshots and documentation read well.
DEFAULT_SEED = 7
DEFAULT_COMPANY = "acme"
DEFAULT_TEAMS = ("risk", "growth", "search", "supply-chain", "ml-platform")
DEFAULT_MODELS: dict[str, tuple[str, ...]] = {
    "risk": ("fraud-detection", "credit-scoring", "claim-triage"),
    "growth": ("churn-prediction", "offer-recommender", "ad-ranking"),
    "search": ("search-ranking", "visual-search", "support-assistant"),
    "supply-chain": ("demand-forecast", "delivery-eta", "defect-detection"),
}
DEFAULT_PROJECTS = {
    "risk": ("payments-trust", "claims"),
    "growth": ("lifecycle", "ads"),
    "search": ("discovery", "care-automation"),
    "supply-chain": ("planning", "quality"),
}
DEFAULT_FUNCTIONS = {
    "risk": "payments",
    "growth": "marketing",
    "search": "product-experience",
    "supply-chain": "operations",
    "ml-platform": "engineering",
}
