"""mlcost.yaml: what is wrong is said in one line that names the key."""

from pathlib import Path

import pytest

from mlcost_assets.config import load_config
from mlcost_assets.errors import ConfigError

GOOD = "billing: {exports: [{name: payer, uri: exports}]}\n"


def written(folder: Path, text: str) -> Path:
    (folder / "exports").mkdir(exist_ok=True)
    file = folder / "mlcost.yaml"
    file.write_text(text)
    return file


def test_the_contracts_example_is_read(tmp_path: Path) -> None:
    (tmp_path / "metadata").mkdir()
    (tmp_path / "rules.yaml").write_text("")
    config = load_config(
        written(
            tmp_path,
            """
home: .mlcost
lake: .mlcost/lake
billing:
  exports:
    - name: payer
      uri: s3://acme-billing/cur2
      format: auto
metadata:
  uri: ./metadata
  accounts:
    - {account_id: "111122223333", regions: [us-east-1], role_arn: "arn:aws:iam::111122223333:role/mlcost-reader"}
attribution:
  required_tags: [project, model, team, environment]
  tag_compliance_threshold: 0.80
  unattributed_threshold: 0.05
  rules: rules.yaml
alerts: []
forecast: {horizon_days: 90}
""",
        )
    )
    assert config.home == tmp_path / ".mlcost"
    assert config.lake == str(tmp_path / ".mlcost" / "lake")
    assert config.billing.exports[0].uri == "s3://acme-billing/cur2"
    assert config.metadata is not None
    assert config.metadata.uri == str(tmp_path / "metadata")


def test_little_is_needed(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, GOOD))
    assert config.lake == str(tmp_path / ".mlcost" / "lake")
    assert config.attribution.unattributed_threshold == 0.05


def test_it_is_found_by_argument_environment_or_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path, GOOD)
    monkeypatch.delenv("MLCOST_CONFIG", raising=False)
    monkeypatch.chdir(tmp_path)
    assert load_config().path == file
    monkeypatch.chdir("/")
    monkeypatch.setenv("MLCOST_CONFIG", str(file))
    assert load_config().path == file


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "billing: is required"),
        ("nonsense", "expected keys and values"),
        ("billing: [", "line 1"),
        (GOOD + "extra: 1\n", "extra: unknown key"),
        (GOOD + "path: x\n", "path: unknown key"),
        (GOOD + "forecast: {horizon: 9}\n", "forecast.horizon: unknown key"),
        (GOOD + "forecast: {horizon_days: soon}\n", "forecast.horizon_days"),
        (GOOD + "attribution: {unattributed_threshold: 5}\n", "attribution.unattributed_threshold"),
        (GOOD + "attribution: {rules: nowhere.yaml}\n", "attribution.rules"),
        (GOOD + "metadata: {uri: mlcost.yaml/records}\n", "cannot be made"),
        ("billing: {exports: []}\n", "billing.exports: name at least one"),
        ("billing: {exports: [{name: a, uri: nowhere}]}\n", "billing.exports[0].uri"),
        ("billing: {exports: [{name: a, uri: mlcost.yaml}]}\n", "is no bill; name a"),
        ("billing: {exports: [{name: a, uri: 'ftp://x'}]}\n", "billing.exports[0].uri"),
        ("billing: {exports: [{name: 'a b', uri: exports}]}\n", "billing.exports[0].name"),
        ("billing: {exports: [{name: a, uri: exports, format: xml}]}\n", "billing.exports[0].format"),
        ("billing: {exports: [{name: a, uri: exports}, {name: a, uri: exports}]}\n", "two exports are named 'a'"),
        (GOOD + "alerts: [{slack: x, sns: y}]\n", "alerts[0]"),
        (GOOD + "forecast: {horizon_day: 9}\n", "forecast.horizon_day: unknown key; did you mean horizon_days?"),
        ("biling: {exports: [{name: payer, uri: exports}]}\n", "biling: unknown key; did you mean billing?"),
        ("billing: {exprots: [{name: a, uri: exports}]}\n", "billing.exprots: unknown key; did you mean exports?"),
        ("billing: {exports: [{name: a, url: exports}]}\n", "billing.exports[0].url: unknown key; did you mean uri?"),
        (GOOD + "metadata: {uri: exports, colect: {}}\n", "metadata.colect: unknown key; did you mean collect?"),
        (GOOD + "metadata: {uri: exports, collect: {prefix_dept: 1}}\n", "did you mean prefix_depth?"),
        (GOOD + "alerts: [{slak: x}]\n", "alerts[0].slak: unknown key; did you mean slack?"),
        (GOOD + "xyzzy: 1\n", "xyzzy: unknown key"),
        ("billing: {exports: [", "the file ends in the middle of a value"),
        (
            "billing: {exports: [{name: a, uri: 's3:/bucket/x'}]}\n",
            "exports[0].uri: write s3://bucket/x, not s3:/bucket/x",
        ),
        ("billing: {exports: [{name: a, uri: 's3:bucket'}]}\n", "exports[0].uri: write s3://bucket, not s3:bucket"),
        ("billing: {exports: [{name: a, uri: 'S3://b/x'}]}\n", "exports[0].uri: write s3://b/x, not S3://b/x"),
        ("billing:\n  exports:\n  - name: a\n   uri: b\n", "line 4: this line is indented otherwise than"),
        ("billing:\n\texports: []\n", "line 2: a character that YAML has another meaning for: indent with spaces"),
        ("billing: {exports: [{name: a, uri: 's3a://b/x'}]}\n", "exports[0].uri: write s3://b/x, not s3a://b/x"),
        ("billing: {exports: [{name: a, uri: 'arn:aws:s3:::b/x'}]}\n", "exports[0].uri: write s3://b/x, not an ARN"),
        (GOOD + "metadata: {uri: 'arn:aws:iam::1:role/x'}\n", "metadata.uri: write a local path or s3://bucket/prefix"),
        (GOOD + "lake: 's3:/b/lake'\n", "lake: write s3://b/lake, not s3:/b/lake"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load_config(written(tmp_path, text))
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)
    assert raised.value.exit_code == 2


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"is a folder; name the file in it, such as .*mlcost\.yaml"):
        load_config(tmp_path)


@pytest.mark.parametrize("given", ["bill.csv", "bill.CSV.GZ", "bill.zip", "bill.parquet"])
def test_a_bill_may_be_a_file(tmp_path: Path, given: str) -> None:
    (tmp_path / given).write_text("")
    config = load_config(written(tmp_path, f"billing: {{exports: [{{name: a, uri: {given}}}]}}\n"))
    assert config.billing.exports[0].uri == str(tmp_path / given)


def test_a_landing_zone_that_is_named_is_made(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, GOOD + "metadata: {uri: not/there/yet}\n"))
    assert config.metadata
    assert (tmp_path / "not/there/yet").is_dir()
