using System.Runtime.InteropServices;

namespace Matriarch.Gateway;

/// <summary>The gateway as a process of its own: runs until SIGTERM, SIGINT, a shutdown request or cancellation.</summary>
public static class GatewayProcess
{
    /// <summary>Runs a gateway to its end. Returns when every session has ended.</summary>
    /// <exception cref="Core.UserException">An address is wrong or in use.</exception>
    public static async Task RunAsync(GatewaySetup setup, CancellationToken stop)
    {
        await using var host = await GatewayHost.StartAsync(setup, stop);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await using var cancelled = stop.Register(() => asked.TrySetResult());
        await Task.WhenAny(asked.Task, host.ShutdownRequested);
        await host.StopAsync();

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true; // the process ends by itself, after its sessions
            asked.TrySetResult();
        }
    }
}
