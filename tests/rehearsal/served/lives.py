"""How AWS's provider for Terraform, on which Pulumi's rests, deletes each type, and by what it knows that a thing is gone.

After internal/service/*/ of github.com/hashicorp/terraform-provider-aws. Templates: `$` and a JMESPath over `id`, `inputs`,
`outputs`, `read` (the resource as it was last read), `region`; what leads nowhere is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Step = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Life:
    """The end of one."""

    delete: tuple[Step, ...]
    gone: str = ""
    """A JMESPath that is true when it is gone, `read` being what is read afterwards. The default: nothing, or AWS refuses."""
    service: str = ""
    """The default: the row's."""


def _one(operation: str, gone: str = "", service: str = "", **params: Any) -> Life:
    return Life(((operation, params),), gone, service)


STAYS = {
    "aws:backup/regionSettings:RegionSettings": "a region always has settings",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "it goes with its VPC",
    "aws:secretsmanager/secretVersion:SecretVersion": "the current version goes with its secret",
    "aws:storagegateway/cache:Cache": "a disk stays a cache for as long as there is the gateway",
    "random:index/randomId:RandomId": "it is in the state alone",
    "random:index/randomPassword:RandomPassword": "it is in the state alone",
}
"""Types that the provider deletes by forgetting them."""

_RULE: dict[str, Any] = {"GroupId": "$inputs.securityGroupId", "SecurityGroupRuleIds": ["$id"]}
_SCALED = {
    "ServiceNamespace": "$inputs.serviceNamespace",
    "ResourceId": "$inputs.resourceId",
    "ScalableDimension": "$inputs.scalableDimension",
}
_VIF = _one("DeleteVirtualInterface", virtualInterfaceId="$id")
_SHARE = _one("DeleteFileShare", FileShareARN="$id")
_PEERING = _one("DeleteTransitGatewayPeeringAttachment", "read.State=='deleted'", TransitGatewayAttachmentId="$id")

LIVES: dict[str, Life] = {
    "aws:appautoscaling/policy:Policy": _one("DeleteScalingPolicy", PolicyName="$inputs.name", **_SCALED),
    "aws:appautoscaling/target:Target": _one("DeregisterScalableTarget", **_SCALED),
    "aws:autoscaling/group:Group": Life(
        (
            ("UpdateAutoScalingGroup", {"AutoScalingGroupName": "$id", "MinSize": 0, "MaxSize": 0, "DesiredCapacity": 0}),
            ("DeleteAutoScalingGroup", {"AutoScalingGroupName": "$id", "ForceDelete": True}),
        )
    ),
    "aws:backup/plan:Plan": _one("DeleteBackupPlan", BackupPlanId="$id"),
    "aws:backup/restoreTestingPlan:RestoreTestingPlan": _one("DeleteRestoreTestingPlan", RestoreTestingPlanName="$id"),
    "aws:backup/restoreTestingSelection:RestoreTestingSelection": _one(
        "DeleteRestoreTestingSelection",
        RestoreTestingPlanName="$inputs.restoreTestingPlanName",
        RestoreTestingSelectionName="$inputs.name",
    ),
    "aws:backup/selection:Selection": _one("DeleteBackupSelection", BackupPlanId="$inputs.planId", SelectionId="$id"),
    "aws:backup/vault:Vault": _one("DeleteBackupVault", BackupVaultName="$id"),
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration": _one(
        "DeleteBackupVaultLockConfiguration", "!(read.MinRetentionDays)", BackupVaultName="$id"
    ),
    "aws:backup/vaultNotifications:VaultNotifications": _one("DeleteBackupVaultNotifications", BackupVaultName="$id"),
    "aws:backup/vaultPolicy:VaultPolicy": _one("DeleteBackupVaultAccessPolicy", BackupVaultName="$id"),
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": _one(
        "DeleteSlackChannelConfiguration", ChatConfigurationArn="$id"
    ),
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": _one(
        "DeleteMicrosoftTeamsChannelConfiguration", ChatConfigurationArn="$id"
    ),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": _one("DeleteAlarms", AlarmNames=["$id"]),
    "aws:cloudwatch/dashboard:Dashboard": _one("DeleteDashboards", DashboardNames=["$id"]),
    "aws:cloudwatch/eventRule:EventRule": _one("DeleteRule", Name="$inputs.name"),
    "aws:cloudwatch/eventTarget:EventTarget": _one("RemoveTargets", Rule="$inputs.rule", Ids=["$read.Id"]),
    "aws:cloudwatch/logGroup:LogGroup": _one("DeleteLogGroup", logGroupName="$id"),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": _one(
        "DeleteMetricFilter", logGroupName="$inputs.logGroupName", filterName="$id"
    ),
    "aws:cloudwatch/logStream:LogStream": _one(
        "DeleteLogStream", logGroupName="$inputs.logGroupName", logStreamName="$inputs.name"
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": _one("DeleteAlarms", AlarmNames=["$id"]),
    "aws:directconnect/connection:Connection": _one("DeleteConnection", connectionId="$id"),
    "aws:directconnect/gateway:Gateway": _one("DeleteDirectConnectGateway", directConnectGatewayId="$id"),
    "aws:directconnect/gatewayAssociation:GatewayAssociation": _one(
        "DeleteDirectConnectGatewayAssociation", associationId="$outputs.dxGatewayAssociationId"
    ),
    "aws:directconnect/gatewayAssociationProposal:GatewayAssociationProposal": _one(
        "DeleteDirectConnectGatewayAssociationProposal", proposalId="$id"
    ),
    "aws:directconnect/privateVirtualInterface:PrivateVirtualInterface": _VIF,
    "aws:directconnect/transitVirtualInterface:TransitVirtualInterface": _VIF,
    "aws:directoryservice/directory:Directory": _one("DeleteDirectory", DirectoryId="$id"),
    "aws:dms/certificate:Certificate": _one("DeleteCertificate", CertificateArn="$outputs.certificateArn"),
    "aws:dms/endpoint:Endpoint": _one("DeleteEndpoint", EndpointArn="$outputs.endpointArn"),
    "aws:dms/replicationInstance:ReplicationInstance": _one(
        "DeleteReplicationInstance", ReplicationInstanceArn="$outputs.replicationInstanceArn"
    ),
    "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup": _one(
        "DeleteReplicationSubnetGroup", ReplicationSubnetGroupIdentifier="$id"
    ),
    "aws:dms/replicationTask:ReplicationTask": Life(
        (
            ("StopReplicationTask", {"ReplicationTaskArn": "$outputs.replicationTaskArn"}),
            ("DeleteReplicationTask", {"ReplicationTaskArn": "$outputs.replicationTaskArn"}),
        )
    ),
    "aws:ebs/encryptionByDefault:EncryptionByDefault": _one(
        "DisableEbsEncryptionByDefault", "read.EbsEncryptionByDefault==`false`"
    ),
    "aws:ec2/customerGateway:CustomerGateway": _one("DeleteCustomerGateway", "read.State=='deleted'", CustomerGatewayId="$id"),
    "aws:ec2/eip:Eip": _one("ReleaseAddress", AllocationId="$id"),
    "aws:ec2/flowLog:FlowLog": _one("DeleteFlowLogs", FlowLogIds=["$id"]),
    "aws:ec2/internetGateway:InternetGateway": Life(
        (
            ("DetachInternetGateway", {"InternetGatewayId": "$id", "VpcId": "$inputs.vpcId"}),
            ("DeleteInternetGateway", {"InternetGatewayId": "$id"}),
        )
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": _one("DeleteLaunchTemplate", LaunchTemplateId="$id"),
    "aws:ec2/natGateway:NatGateway": _one("DeleteNatGateway", "read.State=='deleted'", NatGatewayId="$id"),
    "aws:ec2/route:Route": _one(
        "DeleteRoute",
        "!contains(read.Routes[].DestinationCidrBlock, inputs.destinationCidrBlock)",
        RouteTableId="$inputs.routeTableId",
        DestinationCidrBlock="$inputs.destinationCidrBlock",
    ),
    "aws:ec2/routeTable:RouteTable": _one("DeleteRouteTable", RouteTableId="$id"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": _one("DisassociateRouteTable", AssociationId="$id"),
    "aws:ec2/securityGroup:SecurityGroup": _one("DeleteSecurityGroup", GroupId="$id"),
    "aws:ec2/subnetCidrReservation:SubnetCidrReservation": _one("DeleteSubnetCidrReservation", SubnetCidrReservationId="$id"),
    "aws:ec2/subnet:Subnet": _one("DeleteSubnet", SubnetId="$id"),
    "aws:ec2/vpc:Vpc": _one("DeleteVpc", VpcId="$id"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _one("DeleteVpcEndpoints", "read.State=='deleted'", VpcEndpointIds=["$id"]),
    "aws:ec2/vpnConnection:VpnConnection": _one("DeleteVpnConnection", "read.State=='deleted'", VpnConnectionId="$id"),
    "aws:ec2/vpnGateway:VpnGateway": Life(
        (
            ("DetachVpnGateway", {"VpnGatewayId": "$id", "VpcId": "$inputs.vpcId"}),
            ("DeleteVpnGateway", {"VpnGatewayId": "$id"}),
        ),
        "read.State=='deleted'",
    ),
    "aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation": _one(
        "DisableVgwRoutePropagation",
        "!(read.PropagatingVgws)",
        GatewayId="$inputs.vpnGatewayId",
        RouteTableId="$inputs.routeTableId",
    ),
    "aws:ec2clientvpn/authorizationRule:AuthorizationRule": _one(
        "RevokeClientVpnIngress",
        ClientVpnEndpointId="$inputs.clientVpnEndpointId",
        TargetNetworkCidr="$inputs.targetNetworkCidr",
        AccessGroupId="$inputs.accessGroupId",
        RevokeAllGroups="$inputs.authorizeAllGroups",
    ),
    "aws:ec2clientvpn/endpoint:Endpoint": _one("DeleteClientVpnEndpoint", ClientVpnEndpointId="$id"),
    "aws:ec2clientvpn/networkAssociation:NetworkAssociation": _one(
        "DisassociateClientVpnTargetNetwork", ClientVpnEndpointId="$inputs.clientVpnEndpointId", AssociationId="$id"
    ),
    "aws:ec2clientvpn/route:Route": _one(
        "DeleteClientVpnRoute",
        ClientVpnEndpointId="$inputs.clientVpnEndpointId",
        TargetVpcSubnetId="$inputs.targetVpcSubnetId",
        DestinationCidrBlock="$inputs.destinationCidrBlock",
    ),
    "aws:ec2transitgateway/peeringAttachment:PeeringAttachment": _PEERING,
    "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter": _PEERING,
    "aws:ec2transitgateway/route:Route": _one(
        "DeleteTransitGatewayRoute",
        DestinationCidrBlock="$inputs.destinationCidrBlock",
        TransitGatewayRouteTableId="$inputs.transitGatewayRouteTableId",
    ),
    "aws:ec2transitgateway/transitGateway:TransitGateway": _one(
        "DeleteTransitGateway", "read.State=='deleted'", TransitGatewayId="$id"
    ),
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": _one(
        "DeleteTransitGatewayVpcAttachment", "read.State=='deleted'", TransitGatewayAttachmentId="$id"
    ),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": _one("DeleteLifecyclePolicy", repositoryName="$inputs.repository"),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": _one("DeletePullThroughCacheRule", ecrRepositoryPrefix="$id"),
    "aws:ecr/replicationConfiguration:ReplicationConfiguration": _one(
        "PutReplicationConfiguration", "!(read.replicationConfiguration.rules)", replicationConfiguration={"rules": []}
    ),
    "aws:ecr/repository:Repository": _one("DeleteRepository", repositoryName="$inputs.name", force=True),
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": _one(
        "DeleteRepositoryCreationTemplate", prefix="$inputs.prefix"
    ),
    "aws:ecs/capacityProvider:CapacityProvider": _one(
        "DeleteCapacityProvider", "read.status=='INACTIVE'", capacityProvider="$outputs.arn"
    ),
    "aws:ecs/cluster:Cluster": _one("DeleteCluster", "read.status=='INACTIVE'", cluster="$outputs.arn"),
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": _one(
        "PutClusterCapacityProviders",
        "!(read.capacityProviders)",
        cluster="$inputs.clusterName",
        capacityProviders=[],
        defaultCapacityProviderStrategy=[],
    ),
    "aws:ecs/service:Service": Life(
        (
            ("UpdateService", {"cluster": "$inputs.cluster", "service": "$inputs.name", "desiredCount": 0}),
            ("DeleteService", {"cluster": "$inputs.cluster", "service": "$inputs.name"}),
        ),
        "read.status=='INACTIVE'",
    ),
    "aws:ecs/taskDefinition:TaskDefinition": _one(
        "DeregisterTaskDefinition", "read.taskDefinition.status=='INACTIVE'", taskDefinition="$outputs.arn"
    ),
    "aws:efs/accessPoint:AccessPoint": _one("DeleteAccessPoint", AccessPointId="$id"),
    "aws:efs/backupPolicy:BackupPolicy": _one(
        "PutBackupPolicy",
        "read.BackupPolicy.Status=='DISABLED'",
        FileSystemId="$inputs.fileSystemId",
        BackupPolicy={"Status": "DISABLED"},
    ),
    "aws:efs/fileSystem:FileSystem": _one("DeleteFileSystem", FileSystemId="$id"),
    "aws:efs/fileSystemPolicy:FileSystemPolicy": _one("DeleteFileSystemPolicy", FileSystemId="$inputs.fileSystemId"),
    "aws:efs/mountTarget:MountTarget": _one("DeleteMountTarget", MountTargetId="$id"),
    "aws:iam/instanceProfile:InstanceProfile": Life(
        (
            ("RemoveRoleFromInstanceProfile", {"InstanceProfileName": "$id", "RoleName": "$inputs.role"}),
            ("DeleteInstanceProfile", {"InstanceProfileName": "$id"}),
        )
    ),
    "aws:iam/policy:Policy": _one("DeletePolicy", PolicyArn="$id"),
    "aws:iam/role:Role": _one("DeleteRole", RoleName="$inputs.name"),
    "aws:iam/rolePolicy:RolePolicy": _one("DeleteRolePolicy", RoleName="$inputs.role", PolicyName="$inputs.name"),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": _one(
        "DetachRolePolicy",
        "!contains(read.AttachedPolicies[].PolicyArn, inputs.policyArn)",
        RoleName="$inputs.role",
        PolicyArn="$inputs.policyArn",
    ),
    "aws:kms/alias:Alias": _one("DeleteAlias", AliasName="$inputs.name"),
    "aws:kms/key:Key": _one("ScheduleKeyDeletion", "read.KeyState=='PendingDeletion'", KeyId="$id", PendingWindowInDays=7),
    "aws:lb/listener:Listener": _one("DeleteListener", ListenerArn="$id"),
    "aws:lb/listenerCertificate:ListenerCertificate": _one(
        "RemoveListenerCertificates",
        "!contains(read.Certificates[].CertificateArn, inputs.certificateArn)",
        ListenerArn="$inputs.listenerArn",
        Certificates=[{"CertificateArn": "$inputs.certificateArn"}],
    ),
    "aws:lb/listenerRule:ListenerRule": _one("DeleteRule", RuleArn="$id"),
    "aws:lb/loadBalancer:LoadBalancer": Life(
        (
            # `protect: false` is deployed first.
            (
                "ModifyLoadBalancerAttributes",
                {"LoadBalancerArn": "$id", "Attributes": [{"Key": "deletion_protection.enabled", "Value": "false"}]},
            ),
            ("DeleteLoadBalancer", {"LoadBalancerArn": "$id"}),
        )
    ),
    "aws:lb/targetGroupAttachment:TargetGroupAttachment": _one(
        "DeregisterTargets",
        "read.TargetHealth.State!='healthy'",
        TargetGroupArn="$inputs.targetGroupArn",
        Targets=[{"Id": "$inputs.targetId", "Port": "$inputs.port"}],
    ),
    "aws:lb/targetGroup:TargetGroup": _one("DeleteTargetGroup", TargetGroupArn="$id"),
    "aws:rds/instance:Instance": Life(
        (
            ("ModifyDBInstance", {"DBInstanceIdentifier": "$inputs.identifier", "DeletionProtection": False}),
            ("DeleteDBInstance", {"DBInstanceIdentifier": "$inputs.identifier", "SkipFinalSnapshot": True}),
        )
    ),
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": _one(
        "StopDBInstanceAutomatedBackupsReplication",
        "read.Status=='retained'",
        SourceDBInstanceArn="$inputs.sourceDbInstanceArn",
    ),
    "aws:rds/parameterGroup:ParameterGroup": _one("DeleteDBParameterGroup", DBParameterGroupName="$id"),
    "aws:rds/snapshotCopy:SnapshotCopy": _one("DeleteDBSnapshot", DBSnapshotIdentifier="$id"),
    "aws:rds/subnetGroup:SubnetGroup": _one("DeleteDBSubnetGroup", DBSubnetGroupName="$id"),
    "aws:resourcegroups/group:Group": _one("DeleteGroup", GroupName="$id"),
    "aws:route53/record:Record": _one(
        "ChangeResourceRecordSets",
        HostedZoneId="$inputs.zoneId",
        ChangeBatch={"Changes": [{"Action": "DELETE", "ResourceRecordSet": "$read"}]},
    ),
    "aws:route53/resolverEndpoint:ResolverEndpoint": _one("DeleteResolverEndpoint", ResolverEndpointId="$id"),
    "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig": _one(
        "DeleteResolverQueryLogConfig", ResolverQueryLogConfigId="$id"
    ),
    "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation": _one(
        "DisassociateResolverQueryLogConfig",
        ResolverQueryLogConfigId="$inputs.resolverQueryLogConfigId",
        ResourceId="$inputs.resourceId",
    ),
    "aws:route53/resolverRule:ResolverRule": _one("DeleteResolverRule", ResolverRuleId="$id"),
    "aws:route53/resolverRuleAssociation:ResolverRuleAssociation": _one(
        "DisassociateResolverRule", ResolverRuleId="$inputs.resolverRuleId", VPCId="$inputs.vpcId"
    ),
    "aws:route53/zone:Zone": _one("DeleteHostedZone", Id="$id"),
    "aws:route53/zoneAssociation:ZoneAssociation": _one(
        "DisassociateVPCFromHostedZone",
        HostedZoneId="$inputs.zoneId",
        VPC={"VPCId": "$inputs.vpcId", "VPCRegion": "$inputs.vpcRegion"},
    ),
    "aws:s3/bucket:Bucket": _one("DeleteBucket", Bucket="$id"),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _one("DeleteBucketLifecycle", Bucket="$inputs.bucket"),
    "aws:s3/bucketLogging:BucketLogging": _one("PutBucketLogging", Bucket="$inputs.bucket", BucketLoggingStatus={}),
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": _one(
        "PutObjectLockConfiguration",
        "!(read.Rule)",
        Bucket="$id",
        ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"},
    ),
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": _one("DeleteBucketOwnershipControls", Bucket="$inputs.bucket"),
    "aws:s3/bucketPolicy:BucketPolicy": _one("DeleteBucketPolicy", Bucket="$inputs.bucket"),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": _one("DeletePublicAccessBlock", Bucket="$inputs.bucket"),
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": _one("DeleteBucketReplication", Bucket="$inputs.bucket"),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _one(
        "DeleteBucketEncryption", Bucket="$inputs.bucket"
    ),
    "aws:s3/bucketVersioning:BucketVersioning": _one(
        "PutBucketVersioning",
        "read.Status=='Suspended'",
        Bucket="$inputs.bucket",
        VersioningConfiguration={"Status": "Suspended"},
    ),
    "aws:scheduler/schedule:Schedule": _one("DeleteSchedule", Name="$inputs.name", GroupName="$inputs.groupName"),
    "aws:scheduler/scheduleGroup:ScheduleGroup": _one("DeleteScheduleGroup", Name="$id"),
    "aws:secretsmanager/secret:Secret": Life(
        (
            ("RemoveRegionsFromReplication", {"SecretId": "$id", "RemoveReplicaRegions": "$inputs.replicas[].region"}),
            ("DeleteSecret", {"SecretId": "$id", "RecoveryWindowInDays": 7}),
        ),
        "read.DeletedDate",
    ),
    "aws:sns/topic:Topic": _one("DeleteTopic", TopicArn="$id"),
    "aws:sns/topicPolicy:TopicPolicy": _one(
        "SetTopicAttributes",
        "!contains(read.Policy, 'Sid')",
        TopicArn="$inputs.arn",
        AttributeName="Policy",
        AttributeValue='{"Statement": []}',
    ),
    "aws:sns/topicSubscription:TopicSubscription": _one("Unsubscribe", SubscriptionArn="$id"),
    "aws:ssm/activation:Activation": _one("DeleteActivation", ActivationId="$id"),
    "aws:ssm/association:Association": _one("DeleteAssociation", AssociationId="$id"),
    "aws:ssm/document:Document": _one("DeleteDocument", Name="$id"),
    "aws:ssm/maintenanceWindow:MaintenanceWindow": _one("DeleteMaintenanceWindow", WindowId="$id"),
    "aws:ssm/maintenanceWindowTarget:MaintenanceWindowTarget": _one(
        "DeregisterTargetFromMaintenanceWindow", WindowId="$inputs.windowId", WindowTargetId="$id"
    ),
    "aws:ssm/maintenanceWindowTask:MaintenanceWindowTask": _one(
        "DeregisterTaskFromMaintenanceWindow", WindowId="$inputs.windowId", WindowTaskId="$id"
    ),
    "aws:ssm/parameter:Parameter": _one("DeleteParameter", Name="$inputs.name"),
    "aws:ssm/patchBaseline:PatchBaseline": _one("DeletePatchBaseline", BaselineId="$id"),
    "aws:ssm/patchGroup:PatchGroup": _one(
        "DeregisterPatchBaselineForPatchGroup", BaselineId="$inputs.baselineId", PatchGroup="$inputs.patchGroup"
    ),
    "aws:ssm/serviceSetting:ServiceSetting": _one(
        "ResetServiceSetting", "read.Status=='Default'", SettingId="$inputs.settingId"
    ),
    "aws:storagegateway/gateway:Gateway": _one("DeleteGateway", GatewayARN="$id"),
    "aws:storagegateway/nfsFileShare:NfsFileShare": _SHARE,
    "aws:storagegateway/smbFileShare:SmbFileShare": _SHARE,
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _one("RevokeSecurityGroupEgress", **_RULE),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _one("RevokeSecurityGroupIngress", **_RULE),
    "aws:xray/group:Group": _one("DeleteGroup", GroupARN="$id"),
    "aws:xray/samplingRule:SamplingRule": _one("DeleteSamplingRule", RuleName="$id"),
}
