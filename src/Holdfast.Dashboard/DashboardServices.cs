using Holdfast.Dashboard.Assets;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Dashboard;

/// <summary>What the pages need from the container.</summary>
public static class DashboardServices
{
    /// <summary>Adds the pages of the console. They read IAsk, ITraceReader, IDocumentCatalogue, IServiceStatus and IRetriever.</summary>
    public static IServiceCollection AddDashboard(this IServiceCollection services, DashboardOptions? options = null)
    {
        services.AddRazorComponents();
        services.AddSingleton(options ?? new DashboardOptions());
        services.AddSingleton<AssetCatalogue>();
        return services;
    }
}
