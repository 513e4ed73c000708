"""The internal Application Load Balancer, its access logs, and who may reach it."""

import json
from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from components.container_platform import policies
from components.container_platform.shared import ZoneArgs
from components.inputs import known
from components.names import fit

SSL_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
"""TLS 1.3 and 1.2 with forward secrecy, for clients that can with keys that no quantum computer breaks; what AWS recommends.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html"""


class LoadBalancerArgs(TypedDict):
    """What ContainerPlatform gives to its load balancer."""

    region: str
    """Region of every regional resource."""
    tags: Mapping[str, str]
    """Tags of every taggable resource, next to `Name`."""
    account_id: pulumi.Input[str]
    """The AWS account."""
    vpc_id: pulumi.Input[str]
    """The VPC."""
    subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]]
    """Private subnets in at least two zones."""
    client_cidrs: Mapping[str, pulumi.Input[str]]
    """CIDRs that are admitted, by a stable key; nobody else is."""
    certificate_arn: pulumi.Input[str] | None
    """ACM certificate; without one, HTTP."""
    more_certificate_arns: Sequence[str]
    """Further certificates, chosen by the host that a client asks for."""
    idle_seconds: int | None
    """Seconds without a byte after which a request is given up. None: AWS's 60."""
    zone: ZoneArgs | None
    """Private hosted zone for `apps.<zone>`, if there is one."""
    access_log_retention_days: int
    """Days for which access logs are kept."""
    protected: bool
    """Whether a destroy of load balancer and logs is refused."""


class LoadBalancer(pulumi.ComponentResource):
    """An internal load balancer answers the VPC and on-premises alone, with 404 where no workload has a rule, and logs it."""

    arn: pulumi.Output[str]
    """ARN of the load balancer."""
    arn_suffix: pulumi.Output[str]
    """Its ARN's end, by which CloudWatch and autoscaling know it."""
    dns_name: pulumi.Output[str]
    """Its own DNS name."""
    zone_id: pulumi.Output[str]
    """Hosted zone of that name, for aliases."""
    listener_arn: pulumi.Output[str]
    """The listener that takes rules: HTTPS with a certificate, else HTTP."""
    security_group_id: pulumi.Output[str]
    """Its security group, from which hosts admit traffic."""

    def __init__(self, name: str, args: LoadBalancerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("hybridge:platform:LoadBalancer", name, known(args), opts)
        region, tags = args["region"], args["tags"]
        secure = args["certificate_arn"] is not None
        bucket, policy = self._access_logs(f"{name}-logs", args)
        group = self._security_group(name, args, (80, 443) if secure else (80,))
        balancer = aws.lb.LoadBalancer(
            fit(name),
            internal=True,
            load_balancer_type="application",
            ip_address_type="ipv4",
            subnets=args["subnet_ids"],
            security_groups=[group.id],
            access_logs={"bucket": bucket.bucket, "enabled": True},
            drop_invalid_header_fields=True,
            idle_timeout=args["idle_seconds"],
            desync_mitigation_mode="defensive",
            enable_deletion_protection=args["protected"],
            region=region,
            tags={**tags, "Name": name},
            # Elastic Load Balancing tries the bucket when logging is turned on, and fails without the policy.
            opts=pulumi.ResourceOptions(parent=self, protect=args["protected"], depends_on=[policy]),
        )
        http = self._http(name, args, balancer, REDIRECT if secure else NOT_FOUND)
        self.listener_arn = (self._https(name, args, balancer) if secure else http).arn
        if (zone := args["zone"]) and zone["routing"] is not None:
            aws.route53.Record(
                f"{name}-name",
                zone_id=zone["id"],
                name=pulumi.Output.concat("apps.", zone["name"]),
                type="A",
                # A load balancer counts as unhealthy for one target group without a healthy target: that would lead every name
                # to another region, which has other data, while its own record waits with weight 0. Only a person decides that.
                aliases=[{"name": balancer.dns_name, "zone_id": balancer.zone_id, "evaluate_target_health": False}],
                **zone["routing"],
                # A plain record and a weighted one of the same name cannot be there at once.
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )
        self.arn = balancer.arn
        self.arn_suffix = balancer.arn_suffix
        self.dns_name = balancer.dns_name
        self.zone_id = balancer.zone_id
        self.security_group_id = group.id
        self.register_outputs(
            {
                "arn": self.arn,
                "arn_suffix": self.arn_suffix,
                "dns_name": self.dns_name,
                "zone_id": self.zone_id,
                "listener_arn": self.listener_arn,
                "security_group_id": self.security_group_id,
            }
        )

    def _access_logs(self, name: str, args: LoadBalancerArgs) -> tuple[aws.s3.Bucket, aws.s3.BucketPolicy]:
        child, region, tags = pulumi.ResourceOptions(parent=self), args["region"], args["tags"]
        bucket = aws.s3.Bucket(
            name,
            force_destroy=not args["protected"],
            region=region,
            tags={**tags, "Name": name},
            opts=pulumi.ResourceOptions(parent=self, protect=args["protected"], retain_on_delete=args["protected"]),
        )
        aws.s3.BucketOwnershipControls(
            name, bucket=bucket.bucket, rule={"object_ownership": "BucketOwnerEnforced"}, region=region, opts=child
        )
        block = aws.s3.BucketPublicAccessBlock(
            name,
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            region=region,
            opts=child,
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            name,
            bucket=bucket.bucket,
            # Access logs can be delivered to a bucket with S3's own keys only.
            rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
            region=region,
            opts=child,
        )
        aws.s3.BucketLifecycleConfiguration(
            name,
            bucket=bucket.bucket,
            rules=[
                {
                    "id": "expire",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "expiration": {"days": args["access_log_retention_days"]},
                    "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
                }
            ],
            region=region,
            opts=child,
        )
        policy = aws.s3.BucketPolicy(
            name,
            bucket=bucket.bucket,
            policy=pulumi.Output.all(args["account_id"], bucket.arn).apply(
                lambda known: json.dumps(policies.access_log_bucket_policy(known[0], known[1]))
            ),
            region=region,
            # S3 refuses one of two changes of a bucket's policy status made at the same moment.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[block]),
        )
        return bucket, policy

    def _security_group(self, name: str, args: LoadBalancerArgs, ports: Sequence[int]) -> aws.ec2.SecurityGroup:
        group = aws.ec2.SecurityGroup(
            name,
            description="Internal load balancer: from the VPC and on-premises",
            vpc_id=args["vpc_id"],
            region=args["region"],
            tags={**args["tags"], "Name": name},
            opts=pulumi.ResourceOptions(parent=self),
        )
        for key, cidr in args["client_cidrs"].items():
            for port in ports:
                rule = f"{name}-{port}-from-{key}"
                aws.vpc.SecurityGroupIngressRule(
                    rule,
                    security_group_id=group.id,
                    description="HTTPS" if port == 443 else "HTTP",
                    cidr_ipv4=cidr,
                    ip_protocol="tcp",
                    from_port=port,
                    to_port=port,
                    region=args["region"],
                    tags={**args["tags"], "Name": rule},
                    opts=pulumi.ResourceOptions(parent=self),
                )
        return group

    def _http(
        self,
        name: str,
        args: LoadBalancerArgs,
        balancer: aws.lb.LoadBalancer,
        action: aws.lb.ListenerDefaultActionArgsDict,
    ) -> aws.lb.Listener:
        # The same resource with and without a certificate: of two, the new one is refused as long as the old one has the port.
        return aws.lb.Listener(
            f"{name}-http",
            load_balancer_arn=balancer.arn,
            port=80,
            protocol="HTTP",
            default_actions=[action],
            region=args["region"],
            tags={**args["tags"], "Name": f"{name}-http"},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _https(self, name: str, args: LoadBalancerArgs, balancer: aws.lb.LoadBalancer) -> aws.lb.Listener:
        listener = aws.lb.Listener(
            f"{name}-https",
            load_balancer_arn=balancer.arn,
            port=443,
            protocol="HTTPS",
            ssl_policy=SSL_POLICY,
            certificate_arn=args["certificate_arn"],
            default_actions=[NOT_FOUND],
            region=args["region"],
            tags={**args["tags"], "Name": f"{name}-https"},
            opts=pulumi.ResourceOptions(parent=self),
        )
        for arn in args["more_certificate_arns"]:
            aws.lb.ListenerCertificate(
                f"{name}-https-{arn.rsplit('/', 1)[-1]}",
                listener_arn=listener.arn,
                certificate_arn=arn,
                region=args["region"],
                opts=pulumi.ResourceOptions(parent=self),
            )
        return listener


NOT_FOUND: aws.lb.ListenerDefaultActionArgsDict = {
    "type": "fixed-response",
    "fixed_response": {"content_type": "text/plain", "message_body": "No workload answers here.", "status_code": "404"},
}
"""What requests get that no rule matches."""
REDIRECT: aws.lb.ListenerDefaultActionArgsDict = {
    "type": "redirect",
    "redirect": {"port": "443", "protocol": "HTTPS", "status_code": "HTTP_301"},
}
"""What plain HTTP gets where there is HTTPS."""
