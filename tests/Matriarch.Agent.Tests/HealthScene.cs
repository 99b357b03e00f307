namespace Matriarch.Agent.Tests;

/// <summary>What a node can be in when somebody asks how it is.</summary>
public enum HealthScene
{
    NothingYet,
    Serving,
    ServingButPostgresIsSilent,
    Promoting,
    SynchronousReplica,
    AsynchronousReplica,
    VoterOfAnAsynchronousInstance,
    JoiningReplica,
    Detached,
    StoppedPostgres,
    NoData,
}
