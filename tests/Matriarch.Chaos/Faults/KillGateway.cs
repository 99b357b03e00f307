using Matriarch.TestKit;

namespace Matriarch.Chaos;

/// <summary>kill -9 of the gateway.</summary>
internal sealed class KillGateway : Fault
{
    public override string Name => "kill-gateway";

    public override async Task InjectAsync(ChaosWorld world, Random random)
    {
        Hurts = [LabNetwork.Client];
        if (await world.GatewayAsync() is { } gateway)
        {
            ProcessSignal.Kill(gateway);
        }
    }
}
