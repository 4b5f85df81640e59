/**
 * Arguments of kube-scheduler.
 * @see https://kubernetes.io/docs/reference/command-line-tools-reference/kube-scheduler/
 */
export function schedulerArgs(args: { kubeconfig: string }): string[] {
  return [
    `--kubeconfig=${args.kubeconfig}`,
    "--leader-elect=false",
    "--secure-port=0",
    "--kube-api-qps=200",
    "--kube-api-burst=400",
    "--profiling=false",
  ];
}
