"""Services and regions as the bill writes them."""

from mlcost_assets.demo.ledger import Product

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

_PREFIXES = {"us-east-1": "USE1-", "eu-west-1": "EU-"}


def usage_type(product: Product, region: str, bare: str) -> str:
    """Write a usage type with its region: in us-east-1 only some services name the region."""
    if region == "us-east-1" and not product.names_home_region:
        return bare
    return _PREFIXES.get(region, "") + bare


REDSHIFT = Product("AmazonRedshift", "Amazon Redshift", family="Compute Instance")
DYNAMODB = Product("AmazonDynamoDB", "Amazon DynamoDB", family="Amazon DynamoDB PayPerRequest Throughput")
