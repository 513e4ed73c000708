"""The data: by type, which references refuse its deletion, with the code and the text of the API.

Of the API references, of the provider's source (which waits on these codes), and of what people report. What the provider takes
away by itself before it deletes (the associations of a route table, the attachment of an internet gateway, the role of an
instance profile) refuses nothing.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Use:
    """References from one type that refuse the deletion of what they lead to."""

    by: str
    """The type of what refers."""
    where: tuple[str, ...]
    """A JMESPath over its inputs, to what it names. Where that is something in between: its type, and a JMESPath over the
    inputs of that, and so on."""
    code: str
    """AWS's error code."""
    says: str
    """AWS's text; `{id}` is what was to be deleted."""
    named: str = "id"
    """How it is named there: a JMESPath over `id`, `inputs` and `outputs` of what was to be deleted."""
    unless: str = ""
    """An input of what was to be deleted, with which the provider ends such uses itself."""
    operation: str = ""
    """The call that is refused; the default is the last one by which the row deletes."""
    local: bool = False
    """Whether it is named by what is of one only within a region."""
    within: bool = False
    """Whether the name stands somewhere within a text."""


ENDPOINT = "aws:ec2clientvpn/endpoint:Endpoint"
GROUP = "aws:autoscaling/group:Group"
INSTANCE = "aws:rds/instance:Instance"
MIGRATOR = "aws:dms/replicationInstance:ReplicationInstance"
SUBNET = "aws:ec2/subnet:Subnet"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"

CARDS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (GROUP, ("vpcZoneIdentifiers[]",), ("launchTemplate.id", TEMPLATE, "vpcSecurityGroupIds[]")),
    ("aws:directoryservice/directory:Directory", ("connectSettings.subnetIds[]",), ()),
    (
        MIGRATOR,
        ("replicationSubnetGroupId", "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup", "subnetIds[]"),
        ("vpcSecurityGroupIds[]",),
    ),
    ("aws:ec2/natGateway:NatGateway", ("subnetId",), ()),
    ("aws:ec2/vpcEndpoint:VpcEndpoint", ("subnetIds[]",), ("securityGroupIds[]",)),
    (
        "aws:ec2clientvpn/networkAssociation:NetworkAssociation",
        ("subnetId",),
        ("clientVpnEndpointId", ENDPOINT, "securityGroupIds[]"),
    ),
    ("aws:ec2transitgateway/vpcAttachment:VpcAttachment", ("subnetIds[]",), ()),
    ("aws:ecs/service:Service", ("networkConfiguration.subnets[]",), ("networkConfiguration.securityGroups[]",)),
    ("aws:efs/mountTarget:MountTarget", ("subnetId",), ("securityGroups[]",)),
    ("aws:lb/loadBalancer:LoadBalancer", ("subnets[]",), ("securityGroups[]",)),
    (INSTANCE, ("dbSubnetGroupName", "aws:rds/subnetGroup:SubnetGroup", "subnetIds[]"), ("vpcSecurityGroupIds[]",)),
    ("aws:route53/resolverEndpoint:ResolverEndpoint", ("ipAddresses[].subnetId",), ("securityGroupIds[]",)),
)
"""Types that have network cards: in which subnets, and with which security groups."""


def _violation(kind: str, by: str, *where: str, unless: str = "") -> Use:
    return Use(by, where, "DependencyViolation", f"{kind} has dependencies and cannot be deleted", unless=unless)


def _of_group(by: str, *where: str, unless: str = "") -> Use:
    return Use(by, where, "DependencyViolation", "resource {id} has a dependent object", unless=unless)


def _fault(by: str, where: str, says: str, named: str) -> Use:
    return Use(by, (where,), "InvalidResourceStateFault", says, named)


def _attached(by: str, where: str, says: str, named: str = "id") -> Use:
    return Use(by, (where,), "DeleteConflict", says, named, unless="forceDetachPolicies")


def _alarm(key: str) -> tuple[Use, ...]:
    says = "Cannot delete {id} as there are composite alarm(s) depending on it"
    return (
        Use(
            "aws:cloudwatch/compositeAlarm:CompositeAlarm",
            ("alarmRule",),
            "ValidationError",
            says,
            key,
            local=True,
            within=True,
        ),
    )


_TASK = "aws:dms/replicationTask:ReplicationTask"
_LEFT = "tgw {id} has non-deleted attachments"
_VIRTUAL = (
    ("aws:directconnect/privateVirtualInterface:PrivateVirtualInterface", "connectionId"),
    (
        "aws:directconnect/transitVirtualInterface:TransitVirtualInterface",
        "connectionId",
    ),
)

IN_USE: dict[str, tuple[Use, ...]] = {
    "aws:backup/plan:Plan": (
        Use(
            "aws:backup/selection:Selection",
            ("planId",),
            "InvalidRequestException",
            "Related backup plan selections must be deleted prior to backup plan deletion",
        ),
    ),
    "aws:backup/restoreTestingPlan:RestoreTestingPlan": (
        Use(
            "aws:backup/restoreTestingSelection:RestoreTestingSelection",
            ("restoreTestingPlanName",),
            "InvalidRequestException",
            "Restore testing plan {id} has restore testing selections, which must be deleted first",
            local=True,
        ),
    ),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": _alarm("id"),
    "aws:cloudwatch/metricAlarm:MetricAlarm": _alarm("id"),
    "aws:cloudwatch/eventRule:EventRule": (
        Use(
            "aws:cloudwatch/eventTarget:EventTarget",
            ("rule",),
            "ValidationException",
            "Rule can't be deleted since it has targets.",
            local=True,
        ),
    ),
    "aws:directconnect/connection:Connection": tuple(
        Use(by, (where,), "DirectConnectClientException", "Connection {id} has virtual interfaces: delete them first")
        for by, where in _VIRTUAL
    ),
    "aws:directconnect/gateway:Gateway": (
        Use(
            "aws:directconnect/gatewayAssociation:GatewayAssociation",
            ("dxGatewayId",),
            "DirectConnectClientException",
            "Direct Connect Gateway {id} is associated with gateways: disassociate them first",
        ),
        *(
            Use(
                by,
                ("dxGatewayId",),
                "DirectConnectClientException",
                "Direct Connect Gateway {id} has virtual interfaces attached: delete them first",
            )
            for by, _ in _VIRTUAL
        ),
    ),
    "aws:directoryservice/directory:Directory": (
        Use(
            ENDPOINT,
            ("authenticationOptions[].activeDirectoryId",),
            "ClientException",
            "Cannot delete the directory because it still has authorized applications. Additional details: Client VPN",
        ),
    ),
    "aws:dms/certificate:Certificate": (
        _fault(
            "aws:dms/endpoint:Endpoint", "certificateArn", "Certificate {id} is used by an endpoint", "outputs.certificateArn"
        ),
    ),
    "aws:dms/endpoint:Endpoint": tuple(
        _fault(_TASK, where, "Endpoint {id} is part of one or more ReplicationTasks", "outputs.endpointArn")
        for where in ("sourceEndpointArn", "targetEndpointArn")
    ),
    MIGRATOR: (
        _fault(
            _TASK,
            "replicationInstanceArn",
            "Replication instance {id} is used by one or more ReplicationTasks",
            "outputs.replicationInstanceArn",
        ),
    ),
    "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup": (
        Use(
            MIGRATOR,
            ("replicationSubnetGroupId",),
            "InvalidResourceStateFault",
            "Replication subnet group {id} is used by a replication instance",
            local=True,
        ),
    ),
    "aws:ec2/customerGateway:CustomerGateway": (
        Use(
            "aws:ec2/vpnConnection:VpnConnection",
            ("customerGatewayId",),
            "IncorrectState",
            "The customer gateway is in use by a VPN connection",
        ),
    ),
    "aws:ec2/eip:Eip": (
        Use("aws:ec2/natGateway:NatGateway", ("allocationId",), "InvalidIPAddress.InUse", "Address {id} is in use."),
    ),
    "aws:ec2/internetGateway:InternetGateway": (
        Use(
            "aws:ec2/natGateway:NatGateway",
            ("subnetId", SUBNET, "vpcId"),
            "DependencyViolation",
            "Network has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.",
            named="inputs.vpcId",
            operation="DetachInternetGateway",
        ),
    ),
    "aws:ec2/securityGroup:SecurityGroup": (
        *(_of_group(by, *groups) for by, _, groups in CARDS if groups),
        *(
            _of_group(f"aws:vpc/{kind}:{kind[0].upper()}{kind[1:]}", "referencedSecurityGroupId", unless="revokeRulesOnDelete")
            for kind in ("securityGroupIngressRule", "securityGroupEgressRule")
        ),
    ),
    SUBNET: tuple(_violation("The subnet '{id}'", by, *subnets) for by, subnets, _ in CARDS),
    "aws:ec2/vpc:Vpc": tuple(
        _violation("The vpc '{id}'", by, "vpcId")
        for by in (
            "aws:ec2/internetGateway:InternetGateway",
            "aws:ec2/routeTable:RouteTable",
            "aws:ec2/securityGroup:SecurityGroup",
            SUBNET,
            "aws:ec2/vpcEndpoint:VpcEndpoint",
            "aws:ec2/vpnGateway:VpnGateway",
        )
    ),
    "aws:ec2/vpnGateway:VpnGateway": tuple(
        Use(by, (where,), "IncorrectState", "The virtual private gateway {id} is in use")
        for by, where in (
            ("aws:directconnect/gatewayAssociation:GatewayAssociation", "associatedGatewayId"),
            ("aws:ec2/vpnConnection:VpnConnection", "vpnGatewayId"),
        )
    ),
    ENDPOINT: (
        Use(
            "aws:ec2clientvpn/networkAssociation:NetworkAssociation",
            ("clientVpnEndpointId",),
            "InvalidOperation",
            "{id} has associations: delete them first",
        ),
    ),
    "aws:ec2transitgateway/transitGateway:TransitGateway": (
        *(
            Use(f"aws:ec2transitgateway/{kind}:{kind[0].upper()}{kind[1:]}", (where,), "IncorrectState", _LEFT)
            for kind, where in (
                ("vpcAttachment", "transitGatewayId"),
                ("peeringAttachment", "transitGatewayId"),
                ("peeringAttachment", "peerTransitGatewayId"),
            )
        ),
        Use("aws:ec2/vpnConnection:VpnConnection", ("transitGatewayId",), "IncorrectState", _LEFT),
        Use("aws:directconnect/gatewayAssociation:GatewayAssociation", ("associatedGatewayId",), "IncorrectState", _LEFT),
    ),
    "aws:ecs/capacityProvider:CapacityProvider": (
        Use(
            "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
            ("capacityProviders[]",),
            "ClientException",
            "The capacity provider cannot be deleted because it is associated with a cluster. "
            "Remove the capacity provider from the cluster and try again.",
            named="inputs.name",
            local=True,
        ),
    ),
    "aws:ecs/cluster:Cluster": (
        Use(
            "aws:ecs/service:Service",
            ("cluster",),
            "ClusterContainsServicesException",
            "The Cluster cannot be deleted while Services are active.",
        ),
    ),
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": (
        Use(
            "aws:ecs/service:Service",
            ("capacityProviderStrategies && cluster", "aws:ecs/cluster:Cluster", "name"),
            "ResourceInUseException",
            "The specified capacity provider is in use and cannot be removed.",
            named="inputs.clusterName",
            local=True,
        ),
    ),
    "aws:efs/fileSystem:FileSystem": (
        Use(
            "aws:efs/mountTarget:MountTarget",
            ("fileSystemId",),
            "FileSystemInUse",
            "FileSystem {id} has mount targets: delete them first",
        ),
    ),
    "aws:iam/policy:Policy": (
        Use(
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            ("policyArn",),
            "DeleteConflict",
            "Cannot delete a policy attached to entities.",
        ),
    ),
    "aws:iam/role:Role": (
        _attached(
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            "role",
            "Cannot delete entity, must detach all policies first.",
        ),
        _attached("aws:iam/rolePolicy:RolePolicy", "role", "Cannot delete entity, must delete policies first."),
    ),
    "aws:lb/targetGroup:TargetGroup": tuple(
        Use(
            f"aws:lb/{kind}",
            (where,),
            "ResourceInUse",
            "Target group '{id}' is currently in use by a listener or a rule",
        )
        for kind, top in (("listener:Listener", "defaultActions"), ("listenerRule:ListenerRule", "actions"))
        for where in (f"{top}[].targetGroupArn", f"{top}[].forward.targetGroups[].arn")
    ),
    "aws:rds/parameterGroup:ParameterGroup": (
        Use(
            INSTANCE,
            ("parameterGroupName",),
            "InvalidDBParameterGroupState",
            "One or more database instances are still members of this parameter group {id}, so the group cannot be deleted",
            local=True,
        ),
    ),
    "aws:rds/subnetGroup:SubnetGroup": (
        Use(
            INSTANCE,
            ("dbSubnetGroupName",),
            "InvalidDBSubnetGroupStateFault",
            "Cannot delete the subnet group '{id}' because at least one database instance is still using it.",
            local=True,
        ),
    ),
    "aws:route53/resolverEndpoint:ResolverEndpoint": (
        Use(
            "aws:route53/resolverRule:ResolverRule",
            ("resolverEndpointId",),
            "InvalidRequestException",
            "Cannot delete resolver endpoint unless its related resolver rules are deleted.",
        ),
    ),
    "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig": (
        Use(
            "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation",
            ("resolverQueryLogConfigId",),
            "InvalidRequestException",
            "Disassociate every VPC from {id} before you delete it",
        ),
    ),
    "aws:route53/resolverRule:ResolverRule": (
        Use(
            "aws:route53/resolverRuleAssociation:ResolverRuleAssociation",
            ("resolverRuleId",),
            "ResourceInUseException",
            "Please disassociate this resolver rule from VPC first before deleting",
        ),
    ),
    "aws:route53/zone:Zone": (
        Use(
            "aws:route53/record:Record",
            ("zoneId",),
            "HostedZoneNotEmpty",
            "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
            unless="forceDestroy",
        ),
    ),
    "aws:ssm/document:Document": (
        Use(
            "aws:ssm/association:Association",
            ("name",),
            "AssociatedInstances",
            "You must disassociate the document {id} from all its targets before you can delete it.",
            local=True,
        ),
    ),
    "aws:ssm/patchBaseline:PatchBaseline": (
        Use(
            "aws:ssm/patchGroup:PatchGroup",
            ("baselineId",),
            "ResourceInUseException",
            "Baseline {id} can't be deleted, because it is registered with a patch group.",
        ),
    ),
}
"""Type -> what refuses its deletion."""

FREE = frozenset(
    {
        "aws:appautoscaling/policy:Policy",
        "aws:appautoscaling/target:Target",
        "aws:autoscaling/group:Group",
        "aws:backup/regionSettings:RegionSettings",
        "aws:backup/restoreTestingSelection:RestoreTestingSelection",
        "aws:backup/selection:Selection",
        "aws:backup/vault:Vault",
        "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
        "aws:backup/vaultNotifications:VaultNotifications",
        "aws:backup/vaultPolicy:VaultPolicy",
        "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration",
        "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration",
        "aws:cloudwatch/dashboard:Dashboard",
        "aws:cloudwatch/eventTarget:EventTarget",
        "aws:cloudwatch/logGroup:LogGroup",
        "aws:cloudwatch/logStream:LogStream",
        "aws:directconnect/gatewayAssociation:GatewayAssociation",
        "aws:directconnect/gatewayAssociationProposal:GatewayAssociationProposal",
        "aws:directconnect/privateVirtualInterface:PrivateVirtualInterface",
        "aws:directconnect/transitVirtualInterface:TransitVirtualInterface",
        "aws:dms/replicationTask:ReplicationTask",
        "aws:ebs/encryptionByDefault:EncryptionByDefault",
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        "aws:ec2/flowLog:FlowLog",
        "aws:ec2/launchTemplate:LaunchTemplate",
        "aws:ec2/natGateway:NatGateway",
        "aws:ec2/route:Route",
        "aws:ec2/routeTable:RouteTable",
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "aws:ec2/subnetCidrReservation:SubnetCidrReservation",
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        "aws:ec2/vpnConnection:VpnConnection",
        "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation",
        "aws:ec2clientvpn/authorizationRule:AuthorizationRule",
        "aws:ec2clientvpn/networkAssociation:NetworkAssociation",
        "aws:ec2clientvpn/route:Route",
        "aws:ec2transitgateway/peeringAttachment:PeeringAttachment",
        "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter",
        "aws:ec2transitgateway/route:Route",
        "aws:ec2transitgateway/vpcAttachment:VpcAttachment",
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        "aws:ecr/pullThroughCacheRule:PullThroughCacheRule",
        "aws:ecr/replicationConfiguration:ReplicationConfiguration",
        "aws:ecr/repository:Repository",
        "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
        "aws:ecs/service:Service",
        "aws:ecs/taskDefinition:TaskDefinition",
        "aws:efs/accessPoint:AccessPoint",
        "aws:efs/backupPolicy:BackupPolicy",
        "aws:efs/fileSystemPolicy:FileSystemPolicy",
        "aws:efs/mountTarget:MountTarget",
        "aws:iam/instanceProfile:InstanceProfile",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:kms/alias:Alias",
        "aws:kms/key:Key",
        "aws:lb/listener:Listener",
        "aws:lb/listenerRule:ListenerRule",
        "aws:lb/loadBalancer:LoadBalancer",
        "aws:lb/listenerCertificate:ListenerCertificate",
        "aws:lb/targetGroupAttachment:TargetGroupAttachment",
        "aws:rds/instance:Instance",
        "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
        "aws:rds/snapshotCopy:SnapshotCopy",
        "aws:cloudwatch/logMetricFilter:LogMetricFilter",
        "aws:resourcegroups/group:Group",
        "aws:route53/record:Record",
        "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation",
        "aws:route53/resolverRuleAssociation:ResolverRuleAssociation",
        "aws:route53/zoneAssociation:ZoneAssociation",
        "aws:s3/bucket:Bucket",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "aws:s3/bucketLogging:BucketLogging",
        "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "aws:s3/bucketVersioning:BucketVersioning",
        "aws:scheduler/schedule:Schedule",
        "aws:scheduler/scheduleGroup:ScheduleGroup",
        "aws:secretsmanager/secret:Secret",
        "aws:secretsmanager/secretVersion:SecretVersion",
        "aws:sns/topic:Topic",
        "aws:sns/topicPolicy:TopicPolicy",
        "aws:sns/topicSubscription:TopicSubscription",
        "aws:ssm/activation:Activation",
        "aws:ssm/association:Association",
        "aws:ssm/maintenanceWindow:MaintenanceWindow",
        "aws:ssm/maintenanceWindowTarget:MaintenanceWindowTarget",
        "aws:ssm/maintenanceWindowTask:MaintenanceWindowTask",
        "aws:ssm/parameter:Parameter",
        "aws:ssm/patchGroup:PatchGroup",
        "aws:ssm/serviceSetting:ServiceSetting",
        "aws:storagegateway/cache:Cache",
        "aws:storagegateway/gateway:Gateway",
        "aws:storagegateway/nfsFileShare:NfsFileShare",
        "aws:storagegateway/smbFileShare:SmbFileShare",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "aws:xray/group:Group",
        "aws:xray/samplingRule:SamplingRule",
        "random:index/randomId:RandomId",
        "random:index/randomPassword:RandomPassword",
    }
)
"""Types that AWS deletes whatever refers to them: a key is only scheduled to be deleted, a log group or a topic is gone for who
writes to it, a route to what is gone is a black hole, and the rest is settings and associations."""
