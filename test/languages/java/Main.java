import com.hashicorp.cdktf.App;
import com.hashicorp.cdktf.AppConfig;
import com.hashicorp.cdktf.TerraformOutput;
import com.hashicorp.cdktf.TerraformStack;
import io.github.cdktffluxidentity.ClusterIssuer;
import io.github.cdktffluxidentity.FluxInstallation;
import io.github.cdktffluxidentity.FluxKustomization;
import io.github.cdktffluxidentity.FluxVersion;
import io.github.cdktffluxidentity.OidcClusterIssuerProps;

/** The package in Java: compiled whole, and run as far as no bindings of a cloud are needed. */
public final class Main {
  public static void main(final String[] args) {
    App app = new App(AppConfig.builder().outdir(args[0]).build());
    TerraformStack stack = new TerraformStack(app, "flux");
    ClusterIssuer issuer = ClusterIssuer.oidc(stack, "Cluster", OidcClusterIssuerProps.builder().url("https://oidc.example.com").build());
    FluxInstallation installation = FluxInstallation.Builder.create(stack, "Flux").issuer(issuer).version(FluxVersion.V2_10).build();
    FluxKustomization kustomization = FluxKustomization.Builder.create(stack, "Kustomization").installation(installation).build();
    TerraformOutput.Builder.create(stack, "kustomization").value(kustomization.getYaml()).build();
    app.synth();
  }
}
