"""The services of AWS and the Marketplace as the bill writes them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Product:
    """A service as the bill writes it."""

    code: str
    name: str
    service: str = ""
    family: str = ""
    # In us-east-1 only some services put the region before their usage types.
    names_home_region: bool = False

    @property
    def service_code(self) -> str:
        """The service code is the product code unless another service meters the usage."""
        return self.service or self.code


SAGEMAKER = Product("AmazonSageMaker", "Amazon SageMaker", family="ML Instance", names_home_region=True)
SAGEMAKER_STORAGE = Product("AmazonSageMaker", "Amazon SageMaker", family="Storage", names_home_region=True)
SAGEMAKER_SERVERLESS = Product("AmazonSageMaker", "Amazon SageMaker", family="ML Serverless", names_home_region=True)
BEDROCK = Product("AmazonBedrock", "Amazon Bedrock", family="Amazon Bedrock", names_home_region=True)
EC2 = Product("AmazonEC2", "Amazon Elastic Compute Cloud", family="Compute Instance")
EBS = Product("AmazonEC2", "Amazon Elastic Compute Cloud", family="Storage")
SNAPSHOT = Product("AmazonEC2", "Amazon Elastic Compute Cloud", family="Storage Snapshot")
NAT = Product("AmazonEC2", "Amazon Elastic Compute Cloud", family="NAT Gateway")
TRANSFER = Product("AmazonEC2", "Amazon Elastic Compute Cloud", "AWSDataTransfer", "Data Transfer")
S3_TRANSFER = Product("AmazonS3", "Amazon Simple Storage Service", "AWSDataTransfer", "Data Transfer")
VPC = Product("AmazonVPC", "Amazon Virtual Private Cloud", family="VpcEndpoint", names_home_region=True)
EKS = Product("AmazonEKS", "Amazon Elastic Container Service for Kubernetes", family="Compute", names_home_region=True)
ELB = Product("AWSELB", "Elastic Load Balancing", family="Load Balancer-Application")
S3 = Product("AmazonS3", "Amazon Simple Storage Service", family="Storage")
S3_REQUESTS = Product("AmazonS3", "Amazon Simple Storage Service", family="API Request")
ECR = Product("AmazonECR", "Amazon EC2 Container Registry (ECR)", family="EC2 Container Registry")
EFS = Product("AmazonEFS", "Amazon Elastic File System", family="Storage")
FSX = Product("AmazonFSx", "Amazon FSx", family="Storage")
CLOUDWATCH = Product("AmazonCloudWatch", "AmazonCloudWatch", family="Data Payload")
API_GATEWAY = Product("AmazonApiGateway", "Amazon API Gateway", family="API Calls", names_home_region=True)
LAMBDA = Product("AWSLambda", "AWS Lambda", family="Serverless")
STATES = Product("AmazonStates", "AWS Step Functions", family="AWS Step Functions", names_home_region=True)
GLUE = Product("AWSGlue", "AWS Glue", family="AWS Glue", names_home_region=True)
EMR = Product("ElasticMapReduce", "Amazon Elastic MapReduce", family="Elastic Map Reduce Instance")
KMS = Product("awskms", "AWS Key Management Service", family="Encryption Key")
RDS = Product("AmazonRDS", "Amazon Relational Database Service", family="Database Instance")
CACHE = Product("AmazonElastiCache", "Amazon ElastiCache", family="Cache Instance")
CLOUDFRONT = Product("AmazonCloudFront", "Amazon CloudFront", family="Data Transfer")
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
HAIKU = Product("7g37zhparap7eesm9k78jrzqc", "Claude Haiku 4.5 (Amazon Bedrock Edition)")
