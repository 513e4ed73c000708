"""The policies of VPC endpoints: a boundary around the account. They grant nothing; who may do what is for IAM to say."""

from collections.abc import Sequence

from components.policy_documents import Document, document

BEFORE_CREDENTIALS = {
    "ssm": "a server on-premises registers itself, and asks for its credentials, before it has any",
    "storagegateway": "a gateway is activated, and moves data, as a gateway and not as a principal of an account",
}
"""Endpoint -> why it is also called without credentials of an account.

https://github.com/aws/amazon-ssm-agent/tree/mainline/agent/ssm/anonauth and
https://docs.aws.amazon.com/filegateway/latest/files3/Requirements.html#networks
"""


def endpoint_policy(service: str, partition: str, accounts: Sequence[str], region: str) -> Document:
    """Only principals of these accounts pass: stolen data cannot leave with the keys of another, nor can a shell be opened.

    Every action of the service is let through, since administrators on-premises reach it by this endpoint too. What has no
    account to be told by passes where the service needs it: see BEFORE_CREDENTIALS, and the exchange of tokens for credentials
    (STS) and calls of private APIs (API Gateway), both bounded by whose role or API it is.
    """
    own: Document = {
        "Sid": "OwnPrincipals",
        "Effect": "Allow",
        "Principal": "*",
        # An endpoint leads to one service: these are its actions alone.
        "Action": "*",
        "Resource": "*",  # Bounded by who asks; an endpoint policy grants nothing.
        "Condition": {"StringEquals": {"aws:PrincipalAccount": list(accounts)}},
    }
    if service in BEFORE_CREDENTIALS:
        # For a request without credentials the account is `anonymous`, and for some kinds of signatures there is none.
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalaccount
        own["Sid"] = "OwnPrincipalsOrNoCredentials"
        own["Condition"] = {"StringEqualsIfExists": {"aws:PrincipalAccount": [*accounts, "anonymous"]}}
    statements = [own]
    if service == "storagegateway":
        statements.append(
            {
                "Sid": "ServicesOfAws",
                "Effect": "Allow",
                "Principal": "*",
                "Action": "storagegateway:*",
                "Resource": "*",  # Bounded by who asks: services of AWS for the gateway itself.
                "Condition": {"Bool": {"aws:PrincipalIsAWSService": "true"}},
            }
        )
    if service == "sts":
        statements.append(
            {
                "Sid": "TokensForRolesOfOurs",
                "Effect": "Allow",
                "Principal": "*",
                "Action": ["sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"],
                "Resource": [f"arn:{partition}:iam::{account}:role/*" for account in accounts],
            }
        )
    if service == "execute-api":
        statements.append(
            {
                "Sid": "ApisOfOurs",
                "Effect": "Allow",
                "Principal": "*",
                "Action": "execute-api:Invoke",
                "Resource": [f"arn:{partition}:execute-api:{region}:{account}:*" for account in accounts],
            }
        )
    return document(*statements)


def managed_buckets(region: str) -> list[str]:
    """Buckets of AWS in a region that hosts read while they boot, pull images, and are managed and patched.

    Sources: Amazon ECR's and Systems Manager's pages on VPC endpoints, and Amazon Linux 2023's on its repositories:
    https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms
    https://docs.aws.amazon.com/systems-manager/latest/userguide/ssm-agent-minimum-s3-permissions.html
    https://docs.aws.amazon.com/linux/al2023/ug/managing-repos-os-updates.html
    """
    return [
        f"prod-{region}-starport-layer-bucket",
        f"patch-baseline-snapshot-{region}",
        f"patch-baseline-snapshot-{region}-*",  # Some regions append a suffix of their own.
        f"aws-patch-manager-{region}-*",
        f"aws-ssm-{region}",
        f"aws-ssm-document-attachments-{region}",
        f"aws-ssm-distributor-file-{region}",
        f"amazon-ssm-{region}",
        f"amazon-ssm-packages-{region}",
        f"{region}-birdwatcher-prod",
        f"amazoncloudwatch-agent-{region}",
        "amazoncloudwatch-agent",
        f"amazon-ecs-agent-{region}",
        "amazon-ecs-agent",
        f"al2023-repos-{region}-*",
        "mountpoint-s3-release",
    ]


def s3_endpoint_policy(
    partition: str,
    accounts: Sequence[str],
    region: str,
    readable_buckets: Sequence[str] = (),
    writable_buckets: Sequence[str] = (),
) -> Document:
    """Principals of these accounts use buckets of these accounts; anybody reads what AWS, and the named others, publish.

    An endpoint policy grants nothing: it bounds what IAM and bucket policies grant, so that data cannot leave through the
    endpoint to a bucket, or with a key, of another account. The buckets of others that are read, or used in full, are ARNs.
    """

    statements: list[Document] = [
        {
            "Sid": "OwnBucketsByOwnPrincipals",
            "Effect": "Allow",
            "Principal": "*",
            # Every action, since administrators on-premises reach S3 by this endpoint too; who may do what is for IAM to say.
            "Action": "s3:*",
            "Resource": "*",  # Bounded by owner instead: the names of the account's buckets are not known here.
            "Condition": {"StringEquals": {"aws:PrincipalAccount": list(accounts), "aws:ResourceAccount": list(accounts)}},
        },
        {
            # Unsigned and presigned requests: the repositories of Amazon Linux, the layers that ECR points to.
            "Sid": "ReadWhatAwsPublishes",
            "Effect": "Allow",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": [f"arn:{partition}:s3:::{bucket}/*" for bucket in managed_buckets(region)],
        },
    ]
    if readable_buckets:
        statements.append(
            {
                "Sid": "ReadNamedBuckets",
                "Effect": "Allow",
                "Principal": "*",
                "Action": ["s3:GetObject", "s3:ListBucket"],
                "Resource": [*readable_buckets, *(f"{bucket}/*" for bucket in readable_buckets)],
            }
        )
    if writable_buckets:
        statements.append(
            {
                "Sid": "UseNamedBuckets",
                "Effect": "Allow",
                "Principal": "*",
                "Action": [
                    "s3:GetObject",
                    "s3:ListBucket",
                    "s3:PutObject",
                    "s3:DeleteObject",
                    "s3:AbortMultipartUpload",
                    "s3:ListMultipartUploadParts",
                ],
                "Resource": [*writable_buckets, *(f"{bucket}/*" for bucket in writable_buckets)],
            }
        )
    return document(*statements)
