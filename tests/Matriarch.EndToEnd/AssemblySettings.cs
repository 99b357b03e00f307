// Each test starts a whole cluster, and the machine may have two cores.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
