"""Cases of artifacts that are one (lineage/derived/copies), and of what MLflow tracked (lineage/derived/mlflow)."""

from mlcost_assets_tests.lineage.cases import Edges, sagemaker
from mlcost_assets_tests.world import Record, record

ARTIFACTS: dict[str, tuple[list[Record], Edges]] = {
    # A generic key tells nothing in buckets of different houses; in those of one house's environments it does.
    "copies": (
        [
            sagemaker("DescribeTrainingJob", "training-job/made", ModelArtifacts={"S3ModelArtifacts": "s3://revenue-ml/models/xgboost/v1/model.tar.gz"}),
            sagemaker("DescribeModel", "model/other", PrimaryContainer={"ModelDataUrl": "s3://support-ml/models/xgboost/v1/model.tar.gz"}),
            sagemaker("DescribeModel", "model/promoted", PrimaryContainer={"ModelDataUrl": "s3://acme-ml-prod/models/xgboost/v2/model.tar.gz"}),
            sagemaker("DescribeTrainingJob", "training-job/candidate", ModelArtifacts={"S3ModelArtifacts": "s3://acme-ml-dev/models/xgboost/v2/model.tar.gz"}),
            sagemaker("DescribeModel", "model/dated", PrimaryContainer={"ModelDataUrl": "s3://releases/ranker/20261003/model.tar.gz"}),
            sagemaker("DescribeTrainingJob", "training-job/dated", ModelArtifacts={"S3ModelArtifacts": "s3://work/ranker/20261003/model.tar.gz"}),
            sagemaker("DescribeTrainingJob", "training-job/twin-a", ModelArtifacts={"S3ModelArtifacts": "s3://a-dev/models/twin/20261003/model.tar.gz"}),
            sagemaker("DescribeTrainingJob", "training-job/twin-b", ModelArtifacts={"S3ModelArtifacts": "s3://a-prod/models/twin/20261003/model.tar.gz"}),
        ],
        {
            ("training-job/made", "produced", "s3://revenue-ml/models/xgboost/v1/model.tar.gz"), ("model/other", "loads", "s3://support-ml/models/xgboost/v1/model.tar.gz"),
            ("model/promoted", "loads", "s3://acme-ml-prod/models/xgboost/v2/model.tar.gz"), ("training-job/candidate", "produced", "s3://acme-ml-dev/models/xgboost/v2/model.tar.gz"),
            ("s3://acme-ml-prod/models/xgboost/v2/model.tar.gz", "copy_of", "s3://acme-ml-dev/models/xgboost/v2/model.tar.gz"),
            ("model/dated", "loads", "s3://releases/ranker/20261003/model.tar.gz"), ("training-job/dated", "produced", "s3://work/ranker/20261003/model.tar.gz"),
            ("s3://work/ranker/20261003/model.tar.gz", "copy_of", "s3://releases/ranker/20261003/model.tar.gz"),
            ("training-job/twin-a", "produced", "s3://a-dev/models/twin/20261003/model.tar.gz"), ("training-job/twin-b", "produced", "s3://a-prod/models/twin/20261003/model.tar.gz"),
        },
    ),
    # What MLflow tracked, joined to what others load of it.
    "mlflow": (
        [
            record("mlflow:RegisteredModel", "models:/credit", {"name": "credit", "latest_versions": [{"version": "3", "run_id": "aa11"}]}),
            record("mlflow:ModelVersion", "models:/credit/4", {"name": "credit", "version": "4", "run_id": "3f2a9c0d11e24b7f", "source": "s3://art/7/3f2a9c0d11e24b7f/artifacts/model"}),
            record("mlflow:Run", "3f2a9c0d11e24b7f", {"info": {"run_id": "3f2a9c0d11e24b7f", "artifact_uri": "s3://art/7/3f2a9c0d11e24b7f/artifacts"}}),
            sagemaker("DescribeModel", "model/tracked", PrimaryContainer={"ModelDataUrl": "s3://art/7/3f2a9c0d11e24b7f/artifacts/model/model.tar.gz"}),
            sagemaker("DescribeModel", "model/beside", PrimaryContainer={"ModelDataUrl": "s3://art/7/3f2a9c0d/artifacts/model/model.tar.gz"}),
        ],
        {
            ("models:/credit/4", "version_of", "models:/credit"), ("models:/credit/4", "generated_by", "3f2a9c0d11e24b7f"),
            ("models:/credit/4", "contains", "s3://art/7/3f2a9c0d11e24b7f/artifacts/model/model.tar.gz"),
            ("3f2a9c0d11e24b7f", "produced", "s3://art/7/3f2a9c0d11e24b7f/artifacts/model/model.tar.gz"),
            ("model/tracked", "loads", "s3://art/7/3f2a9c0d11e24b7f/artifacts/model/model.tar.gz"), ("model/beside", "loads", "s3://art/7/3f2a9c0d/artifacts/model/model.tar.gz"),
        },
    ),
}  # fmt: skip
