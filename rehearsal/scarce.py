"""What AWS gives once: names, numbers, blocks, and objects that are settings of another. Two resources cannot hold the same.

Pulumi makes the new resource before it deletes the old one, unless it is told otherwise. What both would hold is then refused,
in the middle of an update; or, where making is writing over, the deletion of the old one takes away what the new one wrote.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rehearsal.table import TABLE


@dataclass(frozen=True)
class Scarce:
    """What a type holds alone."""

    keys: tuple[str, ...]
    """Inputs that together say what is held; `a.b` is the input b of the block a. One that is not given is not said."""
    says: str
    """Why there are no two, as a sentence; the values of `keys` are not in it."""
    same_object: bool = False
    """Whether making the second succeeds and writes over the first, so that deleting the first deletes both."""
    shared: frozenset[str] = frozenset()
    """Keys of which another value may still hold the same: another subnet may lie in the same zone."""


def _object(owner: str, says: str) -> Scarce:
    return Scarce((owner,), says, same_object=True)


def _name(key: str, *within: str) -> Scarce:
    return Scarce((*within, key), "the name is of one in its account and region")


RULE = Scarce(
    ("securityGroupId", "ipProtocol", "fromPort", "toPort", "cidrIpv4", "referencedSecurityGroupId"),
    "a security group has a rule once (InvalidPermission.Duplicate)",
)

SCARCE: dict[str, Scarce] = {
    "aws:appautoscaling/policy:Policy": Scarce(
        ("serviceNamespace", "resourceId", "scalableDimension", "name"), "a target has one policy of a name", same_object=True
    ),
    "aws:appautoscaling/target:Target": Scarce(
        ("serviceNamespace", "resourceId", "scalableDimension"), "what is scaled is registered once", same_object=True
    ),
    "aws:autoscaling/group:Group": _name("name"),
    "aws:backup/restoreTestingPlan:RestoreTestingPlan": _name("name"),
    "aws:backup/restoreTestingSelection:RestoreTestingSelection": _name("name", "restoreTestingPlanName"),
    "aws:backup/selection:Selection": Scarce(("planId", "name"), "a plan has one selection of a name"),
    "aws:backup/vault:Vault": _name("name"),
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": _name("configurationName"),
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": Scarce(
        ("teamId",), "the provider finds a channel by its team, of which there is one then"
    ),
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": _object("backupVaultName", "a vault has one lock"),
    "aws:backup/vaultNotifications:VaultNotifications": _object("backupVaultName", "a vault has one list of notifications"),
    "aws:backup/vaultPolicy:VaultPolicy": _object("backupVaultName", "a vault has one policy"),
    "aws:backup/regionSettings:RegionSettings": _object("region", "a region has one set of choices"),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": _object("alarmName", "an alarm has a name of its own"),
    "aws:cloudwatch/dashboard:Dashboard": _object("dashboardName", "a dashboard has a name of its own"),
    "aws:cloudwatch/eventRule:EventRule": _object("name", "a rule has a name of its own"),
    "aws:cloudwatch/eventTarget:EventTarget": Scarce(("rule", "targetId"), "a rule has one target of an id", same_object=True),
    "aws:cloudwatch/logGroup:LogGroup": _name("name"),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": Scarce(
        ("logGroupName", "name"), "a log group has one metric filter of a name", same_object=True
    ),
    "aws:cloudwatch/logStream:LogStream": _name("name", "logGroupName"),
    "aws:cloudwatch/metricAlarm:MetricAlarm": _object("name", "an alarm has a name of its own"),
    "aws:directconnect/gatewayAssociation:GatewayAssociation": Scarce(
        ("associatedGatewayId",), "a gateway of a VPC is associated with one Direct Connect gateway"
    ),
    "aws:directconnect/privateVirtualInterface:PrivateVirtualInterface": Scarce(
        ("connectionId", "vlan"), "a VLAN of a connection carries one virtual interface"
    ),
    "aws:directconnect/transitVirtualInterface:TransitVirtualInterface": Scarce(
        ("connectionId", "vlan"), "a VLAN of a connection carries one virtual interface"
    ),
    "aws:directoryservice/directory:Directory": Scarce(
        ("name", "connectSettings.customerUsername"), "each AD Connector needs a service account of its own"
    ),
    "aws:dms/certificate:Certificate": _name("certificateId"),
    "aws:dms/endpoint:Endpoint": _name("endpointId"),
    "aws:dms/replicationInstance:ReplicationInstance": _name("replicationInstanceId"),
    "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup": _name("replicationSubnetGroupId"),
    "aws:dms/replicationTask:ReplicationTask": _name("replicationTaskId"),
    "aws:ebs/encryptionByDefault:EncryptionByDefault": _object("region", "a region has the setting once"),
    "aws:ec2/customerGateway:CustomerGateway": Scarce(
        ("type", "ipAddress", "bgpAsn", "bgpAsnExtended", "deviceName"),
        "a request that repeats all of a customer gateway is answered with the one that is there",
        same_object=True,
    ),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _object("vpcId", "a VPC has one default security group"),
    "aws:ec2/flowLog:FlowLog": Scarce(
        ("vpcId", "trafficType", "logDestination"), "the same traffic goes to one place once (FlowLogAlreadyExists)"
    ),
    "aws:ec2/internetGateway:InternetGateway": Scarce(("vpcId",), "a VPC has one internet gateway"),
    "aws:ec2/launchTemplate:LaunchTemplate": _name("name"),
    "aws:ec2/natGateway:NatGateway": Scarce(("allocationId",), "an Elastic IP address is of one NAT gateway"),
    "aws:ec2/route:Route": Scarce(("routeTableId", "destinationCidrBlock"), "a table has one route to a block"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": Scarce(("subnetId",), "a subnet has one route table"),
    "aws:ec2/securityGroup:SecurityGroup": _name("name", "vpcId"),
    "aws:ec2/subnet:Subnet": Scarce(("vpcId", "cidrBlock"), "a block of a VPC is of one subnet"),
    "aws:ec2/subnetCidrReservation:SubnetCidrReservation": Scarce(
        ("subnetId", "cidrBlock"), "a block of a subnet is reserved once"
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": Scarce(
        ("vpcId", "serviceName", "vpcEndpointType"), "the names of a service lead to one endpoint of a VPC"
    ),
    "aws:ec2/vpnGateway:VpnGateway": Scarce(("vpcId",), "a VPC has one virtual private gateway"),
    "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation": Scarce(
        ("routeTableId", "vpnGatewayId"), "a gateway propagates into a table once", same_object=True
    ),
    "aws:ec2clientvpn/authorizationRule:AuthorizationRule": Scarce(
        ("clientVpnEndpointId", "targetNetworkCidr", "accessGroupId"), "a group is let into a network once"
    ),
    "aws:ec2clientvpn/networkAssociation:NetworkAssociation": Scarce(
        ("clientVpnEndpointId", "subnetId"), "an endpoint has one subnet in a zone", shared=frozenset({"subnetId"})
    ),
    "aws:ec2clientvpn/route:Route": Scarce(
        ("clientVpnEndpointId", "destinationCidrBlock", "targetVpcSubnetId"), "a block has one route by a subnet"
    ),
    "aws:ec2transitgateway/peeringAttachment:PeeringAttachment": Scarce(
        ("transitGatewayId", "peerTransitGatewayId"), "two transit gateways are peers once"
    ),
    "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter": _object(
        "transitGatewayAttachmentId", "a peering is accepted once"
    ),
    "aws:ec2transitgateway/route:Route": Scarce(
        ("transitGatewayRouteTableId", "destinationCidrBlock"), "a table has one static route to a block"
    ),
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": Scarce(
        ("transitGatewayId", "vpcId"), "a VPC is attached to a transit gateway once"
    ),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": _object("repository", "a repository has one lifecycle policy"),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": _name("ecrRepositoryPrefix"),
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": _object("region", "a registry has one configuration"),
    "aws:ecr/repository:Repository": _name("name"),
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": _name("prefix"),
    "aws:ecs/capacityProvider:CapacityProvider": _name("name"),
    "aws:ecs/cluster:Cluster": _object("name", "a cluster that is there is answered again"),
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": _object("clusterName", "a cluster has one list of them"),
    "aws:ecs/service:Service": _name("name", "cluster"),
    "aws:efs/backupPolicy:BackupPolicy": _object("fileSystemId", "a file system has one backup policy"),
    "aws:efs/fileSystemPolicy:FileSystemPolicy": _object("fileSystemId", "a file system has one policy"),
    "aws:efs/mountTarget:MountTarget": Scarce(
        ("fileSystemId", "subnetId"), "a file system has one mount target in a zone", shared=frozenset({"subnetId"})
    ),
    "aws:iam/instanceProfile:InstanceProfile": _name("name"),
    "aws:iam/policy:Policy": _name("name"),
    "aws:iam/role:Role": _name("name"),
    "aws:iam/rolePolicy:RolePolicy": Scarce(("role", "name"), "a role has one policy of a name", same_object=True),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Scarce(
        ("role", "policyArn"), "a policy is attached to a role once", same_object=True
    ),
    "aws:kms/alias:Alias": _name("name"),
    "aws:lb/listener:Listener": Scarce(("loadBalancerArn", "port"), "a port of a load balancer has one listener"),
    "aws:lb/listenerCertificate:ListenerCertificate": Scarce(
        ("listenerArn", "certificateArn"), "a listener has a certificate once", same_object=True
    ),
    "aws:lb/listenerRule:ListenerRule": Scarce(("listenerArn", "priority"), "a priority of a listener is of one rule"),
    "aws:lb/loadBalancer:LoadBalancer": _name("name"),
    "aws:lb/targetGroup:TargetGroup": _name("name"),
    "aws:lb/targetGroupAttachment:TargetGroupAttachment": Scarce(
        ("targetGroupArn", "targetId", "port"), "a target group has a port of an address once", same_object=True
    ),
    "aws:rds/instance:Instance": _name("identifier"),
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": Scarce(
        ("sourceDbInstanceArn",), "the backups of an instance are copied to a region once"
    ),
    "aws:rds/parameterGroup:ParameterGroup": _name("name"),
    "aws:rds/snapshotCopy:SnapshotCopy": _name("targetDbSnapshotIdentifier"),
    "aws:rds/subnetGroup:SubnetGroup": _name("name"),
    "aws:resourcegroups/group:Group": _name("name"),
    "aws:route53/record:Record": Scarce(
        ("zoneId", "name", "type", "setIdentifier"), "a zone has one record of a name, a type and a set identifier"
    ),
    "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation": Scarce(
        ("resolverQueryLogConfigId", "resourceId"), "a VPC is associated with one of them once"
    ),
    "aws:route53/resolverRuleAssociation:ResolverRuleAssociation": Scarce(
        ("vpcId", "resolverRuleId"), "the names of a domain are asked by one rule of a VPC"
    ),
    "aws:route53/zone:Zone": Scarce(("name", "vpcs"), "a VPC has one private zone of a name"),
    "aws:route53/zoneAssociation:ZoneAssociation": Scarce(("zoneId", "vpcId"), "a VPC is associated with a zone once"),
    "aws:s3/bucket:Bucket": _name("bucket"),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _object("bucket", "a bucket has one lifecycle"),
    "aws:s3/bucketLogging:BucketLogging": _object("bucket", "a bucket has one access log"),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _object("bucket", "a bucket has one of them"),
    "aws:s3/bucketPolicy:BucketPolicy": _object("bucket", "a bucket has one policy"),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _object("bucket", "a bucket has one of them"),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": _object("bucket", "a bucket has one replication"),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _object(
        "bucket", "a bucket has one encryption"
    ),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": _object("bucket", "a bucket has one lock"),
    "aws:s3/bucketVersioning:BucketVersioning": _object("bucket", "a bucket has one versioning"),
    "aws:secretsmanager/secret:Secret": _name("name"),
    "aws:sns/topic:Topic": _object("name", "a topic that is there is answered again"),
    "aws:sns/topicPolicy:TopicPolicy": _object("arn", "a topic has one policy"),
    "aws:sns/topicSubscription:TopicSubscription": Scarce(
        ("topic", "protocol", "endpoint"), "an endpoint is subscribed to a topic once", same_object=True
    ),
    "aws:scheduler/schedule:Schedule": _name("name", "groupName"),
    "aws:scheduler/scheduleGroup:ScheduleGroup": _name("name"),
    "aws:ssm/document:Document": _name("name"),
    "aws:ssm/parameter:Parameter": _name("name"),
    "aws:ssm/patchGroup:PatchGroup": Scarce(("patchGroup",), "a patch group has one baseline for an operating system"),
    "aws:ssm/serviceSetting:ServiceSetting": _object("settingId", "a setting has one value"),
    "aws:storagegateway/cache:Cache": Scarce(("gatewayArn", "diskId"), "a disk of a gateway is of one use"),
    "aws:storagegateway/nfsFileShare:NfsFileShare": Scarce(
        ("gatewayArn", "fileShareName", "locationArn"), "a gateway has one share of a name"
    ),
    "aws:storagegateway/smbFileShare:SmbFileShare": Scarce(
        ("gatewayArn", "fileShareName", "locationArn"), "a gateway has one share of a name"
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": RULE,
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": RULE,
    "aws:xray/group:Group": _name("groupName"),
    "aws:xray/samplingRule:SamplingRule": _name("ruleName"),
}
"""By type. Sources: the refusals and the upserts that AWS's API reference documents for each create operation."""

PLENTIFUL: frozenset[str] = frozenset(
    {
        "aws:backup/plan:Plan",
        "aws:directconnect/connection:Connection",
        "aws:directconnect/gatewayAssociationProposal:GatewayAssociationProposal",
        "aws:directconnect/gateway:Gateway",
        "aws:ec2/eip:Eip",
        "aws:ec2/routeTable:RouteTable",
        "aws:ec2/vpc:Vpc",
        "aws:ec2/vpnConnection:VpnConnection",
        "aws:ec2clientvpn/endpoint:Endpoint",
        "aws:ec2transitgateway/transitGateway:TransitGateway",
        "aws:ecs/taskDefinition:TaskDefinition",
        "aws:efs/accessPoint:AccessPoint",
        "aws:efs/fileSystem:FileSystem",
        "aws:kms/key:Key",
        "aws:route53/resolverEndpoint:ResolverEndpoint",
        "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig",
        "aws:route53/resolverRule:ResolverRule",
        "aws:secretsmanager/secretVersion:SecretVersion",
        "aws:ssm/activation:Activation",
        "aws:ssm/association:Association",
        "aws:ssm/maintenanceWindow:MaintenanceWindow",
        "aws:ssm/maintenanceWindowTarget:MaintenanceWindowTarget",
        "aws:ssm/maintenanceWindowTask:MaintenanceWindowTask",
        "aws:ssm/patchBaseline:PatchBaseline",
        "aws:storagegateway/gateway:Gateway",
        "random:index/randomId:RandomId",
        "random:index/randomPassword:RandomPassword",
    }
)
"""Types of which AWS makes another for the asking: the id is its own, and nothing that an input names is held alone."""


def held(type_: str, inputs: Mapping[str, Any]) -> tuple[str, ...] | None:
    """What a resource with these inputs holds alone, in the order of its keys; None if nothing, or nothing that is known.

    A name that the program leaves to Pulumi has a random part, so that nobody else has it.
    """
    scarce = SCARCE.get(type_)
    if scarce is None or _named_by_pulumi(type_, scarce, inputs):
        return None
    values = [_at(inputs, key) for key in scarce.keys]
    return None if all(value is None for value in values) else (str(inputs.get("region", "")), *map(str, values))


def deleted_first(type_: str, inputs: Mapping[str, Any], options: Mapping[str, Any]) -> bool:
    """Whether the old resource goes before the new one is made: because the program says so, or because pulumi-aws sees a name
    that the program gives where Pulumi would have made one up."""
    row = TABLE.get(type_)
    # An identifier of RDS is made up further down, by the Terraform provider, which knows no such rule.
    named = row is not None and row.autoname in ("name", "bucket") and inputs.get(row.autoname) is not None
    return bool(options.get("deleteBeforeReplace") or named)


def _named_by_pulumi(type_: str, scarce: Scarce, inputs: Mapping[str, Any]) -> bool:
    name = TABLE[type_].autoname
    return name in scarce.keys and inputs.get(name) is None


def _at(inputs: Mapping[str, Any], key: str) -> Any:
    value: Any = inputs
    for part in key.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
