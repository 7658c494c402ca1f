"""The services of AWS and the Marketplace as the bill writes them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    """A service as the bill writes it."""

    code: str
    name: str
    service: str = ""
    family: str = ""
    # Whether usage types begin with the region: always, everywhere but in us-east-1, never.
    names_region: str = "abroad"

    @property
    def service_code(self) -> str:
        """The service code is the product code unless another service meters the usage."""
        return self.service or self.code


SAGEMAKER = Product("AmazonSageMaker", "Amazon SageMaker", family="ML Instance", names_region="always")
SAGEMAKER_STORAGE = Product("AmazonSageMaker", "Amazon SageMaker", family="Storage", names_region="always")
SAGEMAKER_SERVERLESS = Product("AmazonSageMaker", "Amazon SageMaker", family="ML Serverless", names_region="always")
BEDROCK = Product("AmazonBedrock", "Amazon Bedrock", family="Amazon Bedrock", names_region="always")
EC2 = Product("AmazonEC2", "Amazon Elastic Compute Cloud", family="Compute Instance")
EBS = Product("AmazonEC2", "Amazon Elastic Compute Cloud", family="Storage")
SNAPSHOT = Product("AmazonEC2", "Amazon Elastic Compute Cloud", family="Storage Snapshot")
NAT = Product("AmazonEC2", "Amazon Elastic Compute Cloud", family="NAT Gateway")
TRANSFER = Product("AmazonEC2", "Amazon Elastic Compute Cloud", "AWSDataTransfer", "Data Transfer")
S3_TRANSFER = Product("AmazonS3", "Amazon Simple Storage Service", "AWSDataTransfer", "Data Transfer")
VPC = Product("AmazonVPC", "Amazon Virtual Private Cloud", family="VpcEndpoint", names_region="always")
EKS = Product("AmazonEKS", "Amazon Elastic Container Service for Kubernetes", family="Compute", names_region="always")
ELB = Product("AWSELB", "Elastic Load Balancing", family="Load Balancer-Application")
S3 = Product("AmazonS3", "Amazon Simple Storage Service", family="Storage")
S3_REQUESTS = Product("AmazonS3", "Amazon Simple Storage Service", family="API Request")
ECR = Product("AmazonECR", "Amazon EC2 Container Registry (ECR)", family="EC2 Container Registry")
EFS = Product("AmazonEFS", "Amazon Elastic File System", family="Storage")
FSX = Product("AmazonFSx", "Amazon FSx", family="Storage")
CLOUDWATCH = Product("AmazonCloudWatch", "AmazonCloudWatch", family="Data Payload")
API_GATEWAY = Product("AmazonApiGateway", "Amazon API Gateway", family="API Calls", names_region="always")
LAMBDA = Product("AWSLambda", "AWS Lambda", family="Serverless")
STATES = Product("AmazonStates", "AWS Step Functions", family="AWS Step Functions", names_region="always")
GLUE = Product("AWSGlue", "AWS Glue", family="AWS Glue", names_region="always")
MWAA = Product("AmazonMWAA", "Amazon Managed Workflows for Apache Airflow", family="Amazon MWAA", names_region="always")
ECS = Product("AmazonECS", "Amazon Elastic Container Service", family="Compute", names_region="always")
EMR = Product("ElasticMapReduce", "Amazon Elastic MapReduce", family="Elastic Map Reduce Instance")
KMS = Product("awskms", "AWS Key Management Service", family="Encryption Key", names_region="never")
RDS = Product("AmazonRDS", "Amazon Relational Database Service", family="Database Instance")
CACHE = Product("AmazonElastiCache", "Amazon ElastiCache", family="Cache Instance")
CLOUDFRONT = Product("AmazonCloudFront", "Amazon CloudFront", family="Data Transfer", names_region="never")
SUPPORT = Product("AWSSupportBusiness", "AWS Support (Business)", family="AWSSupportBusiness")
COMPUTE_SAVINGS = Product("ComputeSavingsPlans", "Savings Plans for AWS Compute usage", family="ComputeSavingsPlans")
ML_SAVINGS = Product(
    "MachineLearningSavingsPlans",
    "Savings Plans for AWS Machine Learning",
    family="SageMakerSavingsPlans",
)
REDSHIFT = Product("AmazonRedshift", "Amazon Redshift", family="Compute Instance")
DYNAMODB = Product("AmazonDynamoDB", "Amazon DynamoDB", family="Amazon DynamoDB PayPerRequest Throughput")
OBSERVABILITY = Product("3kd82mxq0vvlnrtcs5p1b7yzw", "Observability Pro (annual, billed monthly)")
AGENTCORE = Product(
    "AmazonBedrockAgentCore", "Amazon Bedrock AgentCore", family="Amazon Bedrock AgentCore", names_region="always"
)
HAIKU = Product("7g37zhparap7eesm9k78jrzqc", "Claude Haiku 4.5 (Amazon Bedrock Edition)", names_region="always")
